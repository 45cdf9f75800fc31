// The running clock in the head of the page goes on between two answers of the server.
const EVERY = 5000;
const MINUTE = 60000;
const seen = new WeakMap();

function tick() {
  for (const pill of document.querySelectorAll("[data-timer]")) {
    const text = pill.querySelector("[data-timer-text]");
    if (!text) continue;
    // Counted from what the server said: the clock of this device may be wrong.
    if (!seen.has(pill)) seen.set(pill, { minutes: Number(pill.dataset.timerMinutes), at: performance.now(), isDecimal: !text.textContent.includes(":") });
    const { minutes, at, isDecimal } = seen.get(pill);
    const shown = written(minutes + Math.floor((performance.now() - at) / MINUTE), isDecimal);
    if (text.textContent.trim() !== shown) text.textContent = shown;
  }
}

function written(minutes, isDecimal) {
  const whole = new Intl.NumberFormat(document.documentElement.lang);
  if (!isDecimal) return `${whole.format(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, "0")}`;
  return new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(minutes / 60);
}

setInterval(tick, EVERY);
document.addEventListener("visibilitychange", tick);
tick();

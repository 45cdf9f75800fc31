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

// A clock that runs while nobody works asks on return. When somebody last worked is known to this browser only.
const SEEN = "quoin.seen";
const IDLE = 30 * MINUTE;
const ASKED = "quoin.asked";
const AGAIN = 60 * MINUTE;

let away = 0;

function note() {
  const last = Number(localStorage.getItem(SEEN)) || 0;
  const now = Date.now();
  if (last && now - last >= IDLE) away = last;
  if (now - last >= EVERY) localStorage.setItem(SEEN, String(now));
  if (away) ask(away);
}

function ask(since = 0) {
  const link = document.querySelector("[data-timer-question]");
  const last = Number(sessionStorage.getItem(ASKED)) || 0;
  // Put aside once, it asks again in an hour; the sign in the head of the page stays.
  if (!link || Date.now() - last < AGAIN || document.querySelector("dialog[open]")) return;
  away = 0;
  if (since) {
    // A clock that was started after the pause has nothing to ask about it.
    if (Date.now() - since >= Number(link.closest("[data-timer]").dataset.timerMinutes) * MINUTE) return;
    const url = new URL(link.href);
    url.searchParams.set("since", new Date(since).toISOString());
    link.href = url.href;
    link.hidden = false;
  }
  sessionStorage.setItem(ASKED, String(Date.now()));
  link.click();
}

function look() {
  if (document.querySelector("[data-timer-asks]")) ask();
  else if (away) ask(away);
}

for (const event of ["pointerdown", "keydown", "wheel"]) document.addEventListener(event, note, { passive: true });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") note(); });
document.addEventListener("htmx:load", look);

setInterval(tick, EVERY);
document.addEventListener("visibilitychange", tick);
tick();
note();

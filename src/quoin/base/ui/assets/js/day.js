// The ruler of the day: blocks stand where their time is; dragging on empty hours fills the form; edges change times.
const ruler = document.querySelector("[data-ruler]");
const form = document.querySelector("[data-day-form]");
const HOUR = 48;
const STEP = 15;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const say = (text, meaning) => document.dispatchEvent(new CustomEvent("quoin:toast", { detail: { text, meaning } }));

if (ruler) {
  const first = Number(ruler.dataset.first) * 60;
  const top = (minute) => ((minute - first) * HOUR) / 60;
  ruler.classList.add("is-placed");
  for (const block of ruler.querySelectorAll("[data-from]")) {
    block.style.insetBlockStart = `${top(Number(block.dataset.from))}px`;
    block.style.blockSize = `${Math.max((Number(block.dataset.minutes) * HOUR) / 60, 20)}px`;
  }

  const minuteAt = (event) => {
    const inside = event.clientY - ruler.getBoundingClientRect().top;
    return Math.min(1440, Math.max(0, Math.round((first + (inside * 60) / HOUR) / STEP) * STEP));
  };
  const clock = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  let begin = null;
  let ghost = null;

  ruler.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest(".block, .gap")) return;
    begin = minuteAt(event);
    ghost = document.createElement("div");
    ghost.className = "block is-ghost";
    ruler.append(ghost);
    ruler.setPointerCapture(event.pointerId);
  });
  ruler.addEventListener("pointermove", (event) => {
    if (begin === null) return;
    const now = minuteAt(event);
    const [from, to] = [Math.min(begin, now), Math.max(begin, now)];
    ghost.style.insetBlockStart = `${top(from)}px`;
    ghost.style.blockSize = `${((to - from) * HOUR) / 60}px`;
    ghost.textContent = `${clock(from)}–${clock(to)}`;
  });
  ruler.addEventListener("pointerup", (event) => {
    if (begin === null) return;
    const now = minuteAt(event);
    const [from, to] = [Math.min(begin, now), Math.max(begin, now)];
    begin = null;
    ghost.remove();
    if (to <= from) return;
    form.elements.start.value = clock(from);
    form.elements.end.value = clock(to === 1440 ? 1439 : to);
    form.elements.duration.value = "";
    form.elements.note.focus();
  });

  const send = async (block, method, body) => {
    const answer = await fetch(`/time/entries/${block.dataset.entry}${body === "split" ? "/split" : ""}`, {
      method, credentials: "same-origin", body: body && body !== "split" ? JSON.stringify(body) : undefined,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
    if (answer.ok) location.reload();
    else say((await answer.json().catch(() => ({}))).detail ?? String(answer.status), "danger");
  };
  ruler.addEventListener("keydown", (event) => {
    const block = event.target.closest(".block[data-entry]");
    if (!block || block.classList.contains("is-locked")) return;
    const minutes = Number(block.dataset.minutes);
    const commands = {
      "+": () => send(block, "PATCH", { minutes: minutes + STEP }),
      "-": () => send(block, "PATCH", { minutes: Math.max(minutes - STEP, 1) }),
      ";": () => send(block, "POST", "split"),
      Delete: () => send(block, "DELETE"),
    };
    if (commands[event.key]) { event.preventDefault(); event.stopPropagation(); commands[event.key](); }
  });
}

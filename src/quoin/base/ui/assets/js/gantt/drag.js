// Bars by mouse or finger: move, change the end, link from dot to bar, lag of a link. A frame only moves what is held.
import { isOpen, propose } from "./effect.js";
import { DAY, chosen, dates, iso, island, lastOf, one, say, state, written } from "./model.js";
import { minuteAt, scale } from "./scale.js";
import { focus, parts, refresh } from "./view.js";

const KINDS = ["fs", "ss", "ff", "sf"];
const NEAR = 3;
let held = null;
let frame = 0;

const thing = (number) => one(`[data-thing="${number}"]`, parts.drawing);
const rowAt = (event) => {
  const box = parts.drawing.getBoundingClientRect();
  const top = Number(parts.drawing.getAttribute("viewBox").split(" ")[1]);
  return state.visible[Math.floor((event.clientY - box.top + top) / state.rowHeight)];
};
const pixelAt = (event) => event.clientX - parts.drawing.getBoundingClientRect().left + Number(parts.drawing.getAttribute("viewBox").split(" ")[0]);
const topAt = (event) => event.clientY - parts.drawing.getBoundingClientRect().top + Number(parts.drawing.getAttribute("viewBox").split(" ")[1]);

function choose(row, event) {
  if (!row) return;
  state.at = state.place.get(row.number);
  if (event.ctrlKey || event.metaKey) state.picked.has(row.number) ? state.picked.delete(row.number) : state.picked.add(row.number);
  else if (!state.picked.has(row.number)) state.picked.clear();
  refresh();
}

export function start() {
  parts.drawing.addEventListener("pointerdown", press);
  parts.drawing.addEventListener("pointermove", (event) => { if (held) { held.event = event; frame ||= requestAnimationFrame(step); } });
  parts.drawing.addEventListener("pointerup", drop);
  parts.drawing.addEventListener("pointercancel", () => release());
  document.addEventListener("keydown", (event) => {
    if (!held) return;
    if (event.key === "Escape") { event.preventDefault(); event.stopImmediatePropagation(); release(); }
    if (event.key === "Alt" && held.what === "dot") { event.preventDefault(); held.kind = KINDS[(KINDS.indexOf(held.kind) + 1) % KINDS.length]; hint(say("link_kind", { kind: held.kind.toUpperCase() })); }
  }, true);
}

function press(event) {
  if (event.button) return;
  const row = rowAt(event);
  const grip = event.target.closest?.(".g-link");
  const number = Number(event.target.closest?.("[data-thing]")?.dataset.thing);
  choose(row, event);
  if (!island.mayChange || !(grip || number)) { focus(); return; }
  event.preventDefault();
  const what = grip ? "link" : event.target.dataset.part ?? "move";
  held = { what, row: state.byNumber.get(number), x: pixelAt(event), kind: "fs", moved: false, event, link: grip?.dataset };
  if (what === "end" && (held.row.isPhase || held.row.kind === "milestone")) held.what = "move";
  parts.drawing.setPointerCapture(event.pointerId);
}

const shift = () => pixelAt(held.event) - held.x;
const days = () => Math.round(shift() / scale.perDay);

function step() {
  frame = 0;
  if (!held) return;
  const by = shift();
  if (!held.moved && Math.abs(by) < NEAR && held.what !== "dot") return;
  held.moved = true;
  if (held.what === "move") {
    const snapped = days() * scale.perDay;
    for (const number of chosen()) thing(number)?.setAttribute("transform", `translate(${snapped} 0)`);
    const { start } = dates(held.row);
    hint(say("moving", { name: held.row.name, start: written(start + days() * DAY) }));
  } else if (held.what === "end") stretch();
  else if (held.what === "dot") string();
  else hint(`${days() >= 0 ? "+" : ""}${days()} d`);
}

function until() {
  const { start } = dates(held.row);
  return Math.max(Math.floor(minuteAt(pixelAt(held.event)) / DAY) * DAY, Math.floor(start / DAY) * DAY);
}

function stretch() {
  const { start } = dates(held.row);
  const wide = Math.max(((until() + DAY - start) / DAY) * scale.perDay, 2);
  one(".g-bar", thing(held.row.number))?.setAttribute("width", wide);
  hint(say("resizing", { name: held.row.name, finish: written(until()) }));
}

function string() {
  const over = one("[data-over]", parts.drawing);
  const { start, finish } = dates(held.row);
  const from = ((held.kind[0] === "f" ? finish : start) - scale.origin) / DAY * scale.perDay;
  const y = state.place.get(held.row.number) * state.rowHeight + state.rowHeight / 2;
  over.innerHTML = `<path class="g-string" d="M${from} ${y}L${pixelAt(held.event)} ${topAt(held.event)}"/>`;
  hint(say("link_kind", { kind: held.kind.toUpperCase() }));
}

const tip = one("[data-tip]");
function hint(text) {
  tip.hidden = false;
  tip.textContent = text;
  const box = parts.scroll.getBoundingClientRect();
  tip.style.transform = `translate(${held.event.clientX - box.left + 14}px, ${held.event.clientY - box.top + 14}px)`;
}

function drop(event) {
  if (!held) return;
  held.event = event;
  const { what, row, link, kind, moved } = held;
  const by = days();
  const target = rowAt(event);
  const end = row && what === "end" ? until() : null;
  release();
  if (!moved) { focus(); return; }
  if (what === "move" && by) propose({ op: "move", tasks: chosen(), days: by });
  else if (what === "end" && end !== lastOf(dates(row).finish)) propose({ op: "resize", tasks: [row.number], until: iso(end) });
  else if (what === "dot" && target && target !== row) propose({ op: "link", before: row.number, after: target.number, kind });
  else if (what === "link" && by) propose({ op: "lag", before: Number(link.before), after: Number(link.after), kind: link.kind, days: by });
}

function release() {
  if (!held) return;
  const { row, what } = held;
  held = null;
  tip.hidden = true;
  one("[data-over]", parts.drawing)?.replaceChildren();
  for (const node of parts.drawing.querySelectorAll("[data-thing][transform]")) node.removeAttribute("transform");
  if (what === "end" && row && !isOpen()) {
    const { start, finish } = dates(row);
    one(".g-bar", thing(row.number))?.setAttribute("width", Math.max(((finish - start) / DAY) * scale.perDay, 3));
  }
}


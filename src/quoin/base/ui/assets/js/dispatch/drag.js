// By mouse or finger: from the tray to a row, from row to row, along the hours, and longer or shorter at the end.
import { clock, isFree, momentAt, onRow, rowOf, share, dayNumber, state, STEP, visitOf, wish, word } from "./model.js";
import { element, lay, why } from "./paint.js";
import { ask } from "./server.js";

const FAR = 5;
let held = null;
let asked = 0;

export function drags(drop) {
  document.addEventListener("pointerdown", (event) => {
    const node = event.target.closest("[data-visit]");
    if (!node || event.button !== 0 || !state.may.plan) return;
    const visit = visitOf(node.dataset.visit);
    if (!isFree(visit)) return;
    const box = node.getBoundingClientRect();
    held = { node, visit, from: node.dataset.row || null, grip: event.target.closest("[data-grip]") !== null, x: event.clientX, y: event.clientY, inside: node.dataset.row ? event.clientX - box.left : 0, moved: false, goal: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    if (!held.moved) begin();
    aim(event);
  });
  document.addEventListener("pointerup", () => {
    if (!held) return;
    const { moved, visit, goal, node } = held;
    end();
    // A click opens the menu; after a drag the click that follows is not one.
    if (moved) node.addEventListener("click", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
    if (moved && goal) drop(visit, goal);
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && held?.moved) end(); });
}

function begin() {
  held.moved = true;
  held.ghost = element("div", { class: "dp-ghost" }, held.visit.title);
  document.body.append(held.ghost);
  held.node.classList.add("is-moving");
}

function end() {
  held?.ghost?.remove();
  held?.node.classList.remove("is-moving");
  for (const node of document.querySelectorAll(".is-over")) node.classList.remove("is-over");
  held = null;
}

function aim(event) {
  for (const node of document.querySelectorAll(".is-over")) node.classList.remove("is-over");
  held.ghost.style.left = `${event.clientX + 12}px`;
  held.ghost.style.top = `${event.clientY + 12}px`;
  const track = held.grip ? held.node.closest("[data-track]") : under(event, "[data-track]");
  held.goal = track ? placed(event, track) : under(event, ".dp-tray") && held.from ? { on: null, crew: [], equipment: [] } : null;
  if (!track) {
    if (held.goal) document.querySelector(".dp-tray").classList.add("is-over");
    held.ghost.textContent = held.goal ? word("wait") : held.visit.title;
    return;
  }
  track.closest(".dp-row").classList.add("is-over");
  const { on, minute, lasts } = { ...held.visit, ...held.goal };
  held.ghost.textContent = `${state.days[dayNumber(on)]?.name ?? on} ${clock(minute)} – ${clock((minute + lasts) % 1440)}`;
  if (held.from && track.dataset.track === held.from) lay(held.node, share(dayNumber(on), minute), share(dayNumber(on), minute + lasts));
  explain(held.visit, held.goal);
}

const under = (event, selector) => document.elementsFromPoint(event.clientX, event.clientY).map((node) => node.closest(selector)).find(Boolean) ?? null;

function placed(event, track) {
  const { visit } = held;
  const box = track.getBoundingClientRect();
  if (held.grip) {
    const edge = momentAt((event.clientX - box.left) / box.width);
    const lasts = Math.max(STEP, (dayNumber(edge.on) - dayNumber(visit.on)) * 1440 + edge.minute - visit.minute);
    return { lasts };
  }
  return { ...momentAt((event.clientX - box.left - held.inside) / box.width), ...onRow(visit, rowOf(track.dataset.track), held.from) };
}

// What would be in the way is said while the visit is still held, at most once per quarter of an hour that it passes.
export async function explain(visit, goal) {
  const key = JSON.stringify(goal);
  if (explain.last === key) return;
  explain.last = key;
  asked += 1;
  const turn = asked;
  await new Promise((done) => { setTimeout(done, 90); });
  if (turn !== asked) return;
  const told = await ask("try", wish(visit, goal)).catch(() => null);
  if (told && turn === asked) why(told.against);
}


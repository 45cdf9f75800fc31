// The same by keyboard: M picks a visit up, arrows carry it, Enter drops it, Escape leaves it where it was.
import { explain } from "./drag.js";
import { clock, dayName, dayNumber, FIRST, isFree, LAST, onRow, rowOf, state, STEP, visitOf, word } from "./model.js";
import { why } from "./paint.js";

const say = (text) => document.dispatchEvent(new CustomEvent("quoin:announce", { detail: { text } }));
let carried = null;

export function keys({ drop, menu, publish }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (carried) { carry(event, drop); return; }
    const node = event.target.closest?.("[data-visit]");
    if (!node || document.querySelector("dialog[open]")) return;
    const visit = visitOf(node.dataset.visit);
    const does = { m: () => pick(node, visit), p: () => publish([visit.id]), w: () => { why(visit.against); say(visit.against.map((one) => one.text).join(" ") || word("fine")); }, a: () => menu(visit, node.dataset.row) };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, { capture: true });
}

export function pick(node, visit) {
  if (!isFree(visit) || !state.may.plan) return;
  const row = rowOf(node.dataset.row) ?? state.rows[0];
  carried = { node, visit, from: node.dataset.row || null, row, on: visit.on ?? state.days[0].on, minute: visit.on ? visit.minute : 8 * 60, lasts: visit.lasts };
  node.classList.add("is-moving");
  node.focus();
  say(word("moving", { title: visit.title }));
  show();
}

function carry(event, drop) {
  const step = event.shiftKey ? 60 : STEP;
  const moves = {
    ArrowLeft: () => shift(-step), ArrowRight: () => shift(step), ArrowUp: () => turn(-1), ArrowDown: () => turn(1),
    "+": () => { carried.lasts += STEP; }, "-": () => { carried.lasts = Math.max(STEP, carried.lasts - STEP); },
  };
  if (event.key === "Escape") { event.preventDefault(); leave(); say(word("kept")); return; }
  if (event.key === "Enter") {
    event.preventDefault();
    const { visit } = carried;
    const goal = wanted();
    leave();
    drop(visit, goal);
    return;
  }
  if (event.key === "Tab") { leave(); return; }
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
  show();
}

function shift(minutes) {
  let day = dayNumber(carried.on);
  let minute = carried.minute + minutes;
  if (minute < FIRST && day > 0) { day -= 1; minute = LAST - STEP; } else if (minute >= LAST && day < state.days.length - 1) { day += 1; minute = FIRST; }
  carried.minute = Math.min(LAST - STEP, Math.max(FIRST, minute));
  carried.on = state.days[day].on;
}

function turn(by) {
  const at = state.rows.indexOf(carried.row);
  carried.row = state.rows[Math.min(state.rows.length - 1, Math.max(0, at + by))];
}

const wanted = () => ({ on: carried.on, minute: carried.minute, lasts: carried.lasts, ...onRow(carried.visit, carried.row, carried.from) });

function show() {
  const day = dayName(carried.on);
  const text = word("at", { name: carried.row.name, day, time: `${clock(carried.minute)} – ${clock((carried.minute + carried.lasts) % 1440)}` });
  for (const node of document.querySelectorAll(".dp-row.is-over")) node.classList.remove("is-over");
  document.querySelector(`[data-row-of="${carried.row.id}"]`)?.classList.add("is-over");
  why([], `${text} `);
  say(text);
  explain(carried.visit, wanted());
}

function leave() {
  carried.node.classList.remove("is-moving");
  for (const node of document.querySelectorAll(".dp-row.is-over")) node.classList.remove("is-over");
  carried = null;
}

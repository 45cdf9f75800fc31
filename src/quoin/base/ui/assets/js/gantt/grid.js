// The grid by keyboard: cells, typing, levels, links; and the mouse on its cells.
import { columns } from "./columns.js";
import { isOpen, propose, revert, save } from "./effect.js";
import { announce, arrange, chosen, current, dates, island, one, say, state, toast, written, lastOf } from "./model.js";
import { count, focus, paint, parts, refresh } from "./view.js";

const KINDS = ["fs", "ss", "ff", "sf"];
let linking = null;
let isTold = false;
let editor = null;
let pressed = {};
const TWICE = 450;

const lastColumn = () => columns().length - 1;
export const isEditing = () => Boolean(editor);

function go(row, column = state.column) {
  state.at = Math.max(0, Math.min(row, state.visible.length - 1));
  state.column = Math.max(0, Math.min(column, lastColumn()));
  focus();
}

export function toggle(isClosed, row = current()) {
  if (!row?.isPhase || state.closed.has(row.number) === isClosed) return false;
  if (isClosed) state.closed.add(row.number); else state.closed.delete(row.number);
  const number = row.number;
  arrange();
  state.at = state.place.get(number);
  paint();
  focus();
  return true;
}

function above() {
  for (let at = state.at - 1; at >= 0; at -= 1) if (state.visible[at].level < current().level) return go(at);
  return undefined;
}

function sideways(step) {
  const isFirst = state.column === columns().findIndex((column) => column.name === "name");
  if (isFirst && step > 0 && toggle(false)) return;
  if (isFirst && step < 0 && toggle(true)) return;
  if (step < 0 && state.column === 0) { above(); return; }
  go(state.at, state.column + step);
}

function pick(isRange) {
  const number = current().number;
  if (isRange && state.anchor !== undefined) {
    const [from, to] = [state.place.get(state.anchor), state.at].sort((one_, other) => one_ - other);
    for (let at = from; at <= to; at += 1) state.picked.add(state.visible[at].number);
  } else if (state.picked.has(number)) state.picked.delete(number);
  else { state.picked.add(number); state.anchor = number; }
  count();
  refresh();
  focus();
  announce(say("selected", { count: state.picked.size }));
}

const spoken = (row) => say("moves", { name: row.name, start: written(dates(row).start), finish: written(lastOf(dates(row).finish)) });

// A cell that can be typed into becomes a field; Enter and Tab hand over what was typed, Escape leaves it.
export function edit(typed) {
  const column = columns()[state.column];
  const row = current();
  if (!column?.field || !island.mayChange || !row || (row.isPhase && !["name", "people", "deadline"].includes(column.field))) return false;
  const cell = one(`[data-row-n="${row.number}"] [data-column="${state.column}"]`, parts.pane);
  if (!cell) return false;
  const field = document.createElement("input");
  const was = String((column.typed ?? column.text)(row) ?? "");
  Object.assign(field, { type: "text", value: typed ?? was, className: "gantt-input", autocomplete: "off", spellcheck: false });
  field.setAttribute("aria-label", say("edit", { column: say(column.name), name: row.name }));
  if (column.field === "people") field.setAttribute("list", "gantt-people");
  cell.replaceChildren(field);
  editor = { field, was, row, column };
  field.focus();
  if (typed === undefined) field.select();
  field.addEventListener("keydown", type);
  field.addEventListener("blur", () => hand(0));
  return true;
}

function type(event) {
  event.stopPropagation();
  if (event.key === "Escape") { event.preventDefault(); leave(); focus(); }
  else if (event.key === "Enter") { event.preventDefault(); hand(0); focus(); }
  else if (event.key === "Tab") { event.preventDefault(); hand(event.shiftKey ? -1 : 1); focus(); }
}

function leave() {
  const ended = editor;
  editor = null;
  ended?.field.remove();
  refresh();
}

function hand(step) {
  if (!editor) return;
  const { field, was, row, column } = editor;
  const text = field.value.trim();
  leave();
  if (step) state.column = Math.max(0, Math.min(state.column + step, lastColumn()));
  if (text === was.trim()) return;
  const tasks = state.picked.has(row.number) && column.field !== "name" ? [...state.picked] : [row.number];
  propose({ op: "set", tasks, field: column.field, text });
}

function link(isStart) {
  if (!island.mayChange || !current()) return false;
  if (isStart) {
    linking = { from: current(), kind: "fs" };
    announce(say("link_mode"));
    // Who has read it once on this page does not need it on top of the plan again.
    if (!isTold) toast({ text: say("link_mode"), meaning: "info" });
    isTold = true;
  }
  parts.scroll.classList.toggle("is-linking", Boolean(linking));
  return true;
}

function linkKey(event) {
  if (event.key === "Escape") { linking = null; link(false); return true; }
  if (event.key.toLowerCase() === "a") { linking.kind = KINDS[(KINDS.indexOf(linking.kind) + 1) % KINDS.length]; announce(say("link_kind", { kind: linking.kind.toUpperCase() })); return true; }
  if (event.key !== "Enter") return false;
  const { from, kind } = linking;
  linking = null;
  link(false);
  if (current() !== from) propose({ op: "link", before: from.number, after: current().number, kind });
  return true;
}

const page = () => Math.max(1, Math.floor(parts.scroll.clientHeight / state.rowHeight) - 2);
const change = (op, more = {}) => { propose({ op, tasks: chosen(), ...more }); return true; };

const PLAIN = {
  ArrowDown: () => go(state.at + 1), j: () => go(state.at + 1), ArrowUp: () => go(state.at - 1),
  ArrowRight: () => sideways(1), ArrowLeft: () => sideways(-1),
  Home: () => go(state.at, 0), End: () => go(state.at, lastColumn()),
  PageDown: () => go(state.at + page()), PageUp: () => go(state.at - page()),
  F2: () => edit(), Enter: () => edit(), " ": () => pick(false), x: () => pick(false), X: () => pick(true),
  k: () => link(true), "<": () => change("outdent"), ">": () => change("indent"),
  Insert: () => { one("[data-add] input")?.focus(); }, Delete: () => change("remove"),
};

const CONTROL = {
  ArrowRight: (event) => change(event.shiftKey ? "resize" : "move", { days: 1, unit: "work" }),
  ArrowLeft: (event) => change(event.shiftKey ? "resize" : "move", { days: -1, unit: "work" }),
  Home: () => { go(0, 0); return true; }, End: () => { go(state.visible.length - 1, lastColumn()); return true; },
};

function press(event) {
  if (!current() || event.target.closest("input")) return;
  const handle = (isDone = true) => { if (isDone !== false) { event.preventDefault(); event.stopPropagation(); } };
  if (linking && linkKey(event)) { handle(); return; }
  if (isOpen() && event.key === "Escape") { revert(); handle(); return; }
  if (isOpen() && event.key === "Enter") { save(); handle(); return; }
  if (event.ctrlKey || event.metaKey) { if (CONTROL[event.key]) handle(CONTROL[event.key](event)); return; }
  if (event.altKey) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && island.mayChange) { propose({ op: "shift", task: current().number, by }); handle(); }
    return;
  }
  if (event.key === "Tab" && event.target.matches("[role=rowheader]") && island.mayChange && state.picked.size) { handle(change(event.shiftKey ? "outdent" : "indent")); return; }
  if (event.key === "Escape" && state.picked.size) { state.picked.clear(); count(); refresh(); focus(); handle(); return; }
  if (PLAIN[event.key]) { handle(PLAIN[event.key](event)); return; }
  if (/^[0-9+-]$/.test(event.key) && edit(event.key)) handle();
}

function click(event) {
  const cell = event.target.closest("[data-column]");
  const node = event.target.closest("[data-row-n]");
  if (!node || event.target.closest("input, a")) return;
  state.at = state.place.get(Number(node.dataset.rowN));
  if (event.target.closest("[data-toggle]")) { toggle(!state.closed.has(current().number)); return; }
  if (cell) state.column = Number(cell.dataset.column);
  if (event.shiftKey) { pick(true); return; }
  if (event.ctrlKey || event.metaKey) { pick(false); return; }
  if (state.picked.size) { state.picked.clear(); count(); }
  // A cell is drawn anew when it gets the focus, which hides a double click from the browser.
  const isTwice = pressed.number === current().number && pressed.column === state.column && event.timeStamp - pressed.at < TWICE;
  pressed = { number: current().number, column: state.column, at: event.timeStamp };
  focus();
  if (isTwice) edit();
}

export function start() {
  state.column = Math.max(0, columns().findIndex((column) => column.name === "name"));
  parts.scroll.addEventListener("keydown", press);
  parts.pane.addEventListener("click", click);
  parts.pane.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-column]");
    const at = state.place.get(Number(cell?.closest("[data-row-n]").dataset.rowN));
    if (at === undefined || (at === state.at && Number(cell.dataset.column) === state.column)) return;
    state.at = at;
    state.column = Number(cell.dataset.column);
  });
  document.addEventListener("keydown", (event) => {
    // The bar answers to the same keys wherever the focus is, but never while somebody types.
    if (!isOpen() || event.defaultPrevented || event.target.closest?.("input, textarea, select, button, dialog, a")) return;
    if (event.key === "Enter") { event.preventDefault(); save(); }
    if (event.key === "Escape") { event.preventDefault(); revert(); }
  });
  document.addEventListener("gantt:loaded", () => announce(current() ? spoken(current()) : ""));
}

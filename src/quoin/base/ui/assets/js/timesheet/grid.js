// Keys and pointer on the grid (APG grid): one tab stop, arrows move, digits type, letters command.
import { clock, parse } from "./durations.js";
import { accept, announce, change, everywhere, fail, toast, typed, undo } from "./edits.js";
import { cellAt, dayNumber, newest, note, rowNumber, say, state, total } from "./model.js";
import { showEntries } from "./entries.js";
import { anchor, at, beginBlock, block, focus, rebuild } from "./focus.js";
import { element, faults, make, paint, part, place, root } from "./paint.js";
import { startTimer } from "./rows.js";
import { submit } from "./submit.js";

const BEGINS = /^[0-9.,+=-]$/;

// Typing: a field inside the cell; Enter saves and goes down, Tab to the right, Escape gives up.
function edit(first = "") {
  const cell = cellAt(at.row, at.day);
  if (!cell) return;
  if (cell.lock) { announce(cell.why); fail(at.row, at.day, cell.why); return; }
  const { row, day } = at;
  const box = element(row, day);
  faults.delete(place(row, day));
  paint(row, day);
  const field = make("input", { class: "ts-input", "aria-label": box.getAttribute("aria-label"), autocomplete: "off", spellcheck: "false", inputmode: "text" });
  field.value = first || (total(cell) ? clock(total(cell)) : "");
  box.replaceChildren(field);
  field.focus();
  if (!first) field.select();
  let isOver = false;
  const finish = (isKept, move) => {
    if (isOver) return;
    isOver = true;
    const text = field.value;
    field.remove();
    const shown = isKept ? save(row, day, text) : true;
    paint(row, day);
    if (move && shown) focus(row + move[0], day + move[1]);
    else focus(row, day);
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const moves = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Escape") { event.preventDefault(); finish(false); }
    else if (moves[event.key]) { event.preventDefault(); finish(true, moves[event.key]); }
    else if (arrows[event.key]) { event.preventDefault(); finish(true, arrows[event.key]); }
  });
  field.addEventListener("blur", () => {
    if (isOver) return;
    isOver = true;
    const text = field.value;
    field.remove();
    save(row, day, text);
    paint(row, day);
  });
}

function save(row, day, text) {
  const cell = cellAt(row, day);
  if (text.trim() === (total(cell) ? clock(total(cell)) : "")) return true;
  const minutes = typed(row, day, text);
  if (minutes === null) return false;
  // A block that was selected takes the value in every cell.
  const targets = (anchor ? block() : [{ row, day }]).map((target) => ({ ...target, minutes }));
  change(targets);
  return !faults.has(place(row, day));
}

// Ctrl+D copies the cell above, or the block's first row down; Ctrl+R the cell to Friday, or the block's first column.
function fill(down) {
  const chosen = block();
  const [first] = chosen;
  const value = (row, day) => { const cell = cellAt(row, day); return cell ? total(cell) : 0; };
  if (anchor) change(chosen.map(({ row, day }) => ({ row, day, minutes: down ? value(first.row, day) : value(row, first.day) })));
  else if (down) { if (at.row > 0) change([{ ...at, minutes: value(at.row - 1, at.day) }]); }
  else change(state.days.flatMap((day, number) => (number > at.day && day.target > 0 ? [{ row: at.row, day: number, minutes: value(at.row, at.day) }] : [])));
}

export function noteHere() {
  const field = part("note");
  const cell = cellAt(at.row, at.day);
  if (field.disabled) { announce(cell?.lock ? cell.why : say("empty")); return; }
  field.focus();
  field.select();
}

export function billableHere() {
  const cell = cellAt(at.row, at.day);
  const last = cell && newest(cell);
  if (!last || cell.lock) return;
  change([{ ...at, billable: !last.b }]);
  announce(last.b ? say("billable") : say("not_billable"));
}

function resolve() {
  const fault = faults.get(place(at.row, at.day));
  if (fault?.mine === undefined) return false;
  faults.delete(place(at.row, at.day));
  change([{ ...at, minutes: fault.mine }]);
  return true;
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const COMMANDS = {
  Enter: () => { if (resolve()) return; if (cellAt(at.row, at.day)?.e.length > 1) showEntries(at.row, at.day); else edit(); },
  F2: () => edit(),
  Delete: () => change(block().map((target) => ({ ...target, minutes: 0 }))),
  Backspace: () => change(block().map((target) => ({ ...target, minutes: 0 }))),
  Escape: () => { if (faults.delete(place(at.row, at.day))) paint(at.row, at.day); focus(at.row, at.day); },
  Home: () => focus(at.row, 0),
  End: () => focus(at.row, 6),
  PageUp: () => focus(at.row - 10, at.day),
  PageDown: () => focus(at.row + 10, at.day),
  "'": noteHere,
  b: billableHere,
  ";": () => startTimer(state.rows[at.row]),
  y: () => accept(block()),
  Y: () => accept(state.days.map((_day, day) => ({ row: at.row, day }))),
  a: () => accept(everywhere()),
  s: () => submit(),
  S: () => submit({ accepting: true }),
  z: undo,
  "?": () => document.querySelector("[data-help]")?.click(),
  n: () => root.querySelector("[data-adder] input")?.focus(),
};

function withControl(event) {
  const key = event.key.toLowerCase();
  if (event.key === "Home") focus(0, 0);
  else if (event.key === "End") focus(state.rows.length - 1, 6);
  else if (key === "d") fill(true);
  else if (key === "r") fill(false);
  else if (key === "z") undo();
  else return false;
  return true;
}

function withAlt(event) {
  const week = { ArrowLeft: "-1", ArrowRight: "1" }[event.key];
  if (week) { document.querySelector(`[data-week="${week}"]`)?.click(); return true; }
  if (event.key.toLowerCase() === "n") { nextReturned(); return true; }
  return false;
}

function nextReturned() {
  const places = everywhere();
  const from = at.row * 7 + at.day;
  const order = [...places.slice(from + 1), ...places.slice(0, from + 1)];
  const found = order.find(({ row, day }) => cellAt(row, day).e.some((entry) => entry.st === "returned"));
  if (found) focus(found.row, found.day);
}

function onKey(event) {
  const box = event.target.closest?.(".ts-cell");
  if (!box || event.target !== box) return;
  if (event.altKey) { if (withAlt(event)) event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey) { if (withControl(event)) event.preventDefault(); return; }
  const move = MOVES[event.key];
  if (move) {
    event.preventDefault();
    if (event.shiftKey) { beginBlock(); focus(at.row + move[0], at.day + move[1], { keep: true }); }
    else focus(at.row + move[0], at.day + move[1]);
  } else if (BEGINS.test(event.key)) { event.preventDefault(); edit(event.key); }
  else if (COMMANDS[event.key]) { event.preventDefault(); COMMANDS[event.key](); }
}

function copyBlock(event) {
  if (!event.target.closest?.(".ts-cell") || event.target.matches("input")) return;
  const rows = Map.groupBy ? [...Map.groupBy(block(), ({ row }) => row).values()] : group(block());
  event.clipboardData.setData("text/plain", rows.map((line) => line.map(({ row, day }) => clock(total(cellAt(row, day)))).join("\t")).join("\n"));
  event.preventDefault();
}

function group(places) {
  const lines = new Map();
  for (const one of places) lines.set(one.row, [...(lines.get(one.row) ?? []), one]);
  return [...lines.values()];
}

// A block from a spreadsheet goes in from the focused cell; what is no duration leaves its cell as it is.
function pasteBlock(event) {
  if (!event.target.closest?.(".ts-cell") || event.target.matches("input")) return;
  event.preventDefault();
  const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n").map((text) => text.split("\t"));
  const single = lines.length === 1 && lines[0].length === 1;
  const start = single ? null : { row: Math.min(anchor?.row ?? at.row, at.row), day: Math.min(anchor?.day ?? at.day, at.day) };
  const targets = single
    ? block().map((target) => ({ ...target, text: lines[0][0] }))
    : lines.flatMap((line, down) => line.map((text, right) => ({ row: start.row + down, day: start.day + right, text })));
  const found = targets
    .filter(({ row, day }) => cellAt(row, day))
    .map(({ row, day, text }) => ({ row, day, minutes: text.trim() === "" || text.trim() === "–" ? 0 : parse(text)?.minutes }))
    .filter(({ minutes }) => minutes !== undefined && minutes >= 0);
  if (!change(found)) toast(say("not_a_duration"), "warning");
}

export function start() {
  rebuild();
  root.addEventListener("keydown", onKey);
  document.addEventListener("copy", copyBlock);
  document.addEventListener("paste", pasteBlock);
  root.addEventListener("focusin", (event) => {
    const box = event.target.closest(".ts-cell");
    if (box && event.target === box && (Number(box.dataset.row) !== at.row || Number(box.dataset.day) !== at.day)) focus(Number(box.dataset.row), Number(box.dataset.day), { quiet: true, keep: Boolean(anchor) });
  });
  root.addEventListener("mousedown", (event) => {
    const box = event.target.closest(".ts-cell");
    if (!box || event.target.matches("input")) return;
    event.preventDefault();
    if (event.shiftKey) { beginBlock(); focus(Number(box.dataset.row), Number(box.dataset.day), { keep: true }); }
    else focus(Number(box.dataset.row), Number(box.dataset.day));
  });
  root.addEventListener("dblclick", (event) => { if (event.target.closest(".ts-cell")) edit(); });
  root.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) focus(at.row, Number(tab.dataset.tab), { quiet: true });
    // On a touch screen a second tap on the focused cell types.
    const box = event.target.closest(".ts-cell");
    if (box && matchMedia("(pointer: coarse)").matches && !event.target.matches("input")) edit();
  });
  const field = part("note");
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      if (event.key === "Escape") field.value = note(cellAt(at.row, at.day));
      focus(at.row, at.day);
    }
  });
  let noted = at;
  field.addEventListener("focus", () => { noted = { ...at }; });
  field.addEventListener("blur", () => change([{ ...noted, note: field.value.trim() }]));
  part("billable").addEventListener("click", billableHere);
  root.querySelector("[data-accept-all]")?.addEventListener("click", () => accept(everywhere()));
  document.querySelector("[data-submit-week]")?.addEventListener("click", (event) => { event.preventDefault(); submit(); });
  addEventListener("quoin:jump", (event) => focus(rowNumber(event.detail.row), dayNumber(event.detail.day)));
}

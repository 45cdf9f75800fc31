// What changes cells: typing, filling, accepting, undoing. Everything ends in the queue; nothing waits for the network.
import { DAY, clock, parse } from "./durations.js";
import { addRow, cellAt, dayNumber, fixed, newest, note, open, put, rowNumber, say, state, total } from "./model.js";
import { describe, faults, paint, place, status, sums } from "./paint.js";
import * as queue from "./queue.js";

const done = [];
const MOST_STEPS = 50;
let here = { row: 0, day: 0 };
export const focusOn = (row, day) => { here = { row, day }; };

export function announce(text) {
  document.dispatchEvent(new CustomEvent("quoin:announce", { detail: { text } }));
}
export function toast(text, meaning = "success") {
  document.dispatchEvent(new CustomEvent("quoin:toast", { detail: { text, meaning } }));
}

// One step may change many cells; Undo takes the whole step back.
export function change(targets) {
  const step = [];
  for (const target of targets) {
    const cell = cellAt(target.row, target.day);
    if (!cell || cell.lock) continue;
    const before = { row: state.rows[target.row].key, on: state.days[target.day].on, minutes: total(cell), note: note(cell), billable: newest(cell)?.b ?? null };
    if (apply(target.row, target.day, cell, target)) step.push(before);
  }
  if (!step.length) return false;
  done.push(step);
  if (done.length > MOST_STEPS) done.shift();
  refresh();
  return true;
}

function apply(row, day, cell, { minutes, note: text, billable }) {
  const was = total(cell);
  const edit = { row: state.rows[row].key, day: state.days[day].on };
  if (minutes !== undefined && minutes !== was) {
    if (minutes < fixed(cell)) { fail(row, day, say("lock_submitted")); return false; }
    if (minutes > DAY) { fail(row, day, say("too_long")); return false; }
    put(cell, state.rows[row], minutes);
    Object.assign(edit, { minutes, was });
  }
  const last = newest(cell);
  if (text !== undefined && last && text !== last.n) { last.n = text; edit.note = text; }
  if (billable !== undefined && billable !== null && last && billable !== last.b) { last.b = billable; edit.billable = billable; }
  if (Object.keys(edit).length === 2) return false;
  if (minutes !== undefined) cell.done = true;
  faults.delete(place(row, day));
  queue.push(edit);
  paint(row, day);
  return true;
}

export function fail(row, day, text) {
  faults.set(place(row, day), { text });
  paint(row, day);
  announce(text);
}

// The minutes that typed text means for a cell, or null after saying what is wrong.
export function typed(row, day, text) {
  const cell = cellAt(row, day);
  if (!text.trim()) return 0;
  if (text.trim() === "=") return day > 0 ? total(cellAt(row, day - 1)) : total(cell);
  const found = parse(text);
  if (!found) { fail(row, day, say("not_a_duration")); return null; }
  const minutes = found.relative ? Math.max(total(cell) + found.minutes, 0) : found.minutes;
  if (minutes > DAY) { fail(row, day, say("too_long")); return null; }
  return minutes;
}

export function accept(places) {
  const targets = places
    .map(({ row, day }) => ({ row, day, proposed: open(cellAt(row, day) ?? { e: [] }) }))
    .filter((target) => target.proposed)
    .map(({ row, day, proposed }) => ({ row, day, minutes: total(cellAt(row, day)) + proposed }));
  const sum = targets.reduce((minutes, target) => minutes + target.minutes - total(cellAt(target.row, target.day)), 0);
  if (!change(targets)) { announce(say("no_suggestions")); return; }
  announce(say("accepted", { time: clock(sum) }));
}

export const everywhere = () => state.rows.flatMap((_row, row) => state.days.map((_day, day) => ({ row, day })));

export function undo() {
  const step = done.pop();
  if (!step) { announce(say("nothing_to_undo")); return; }
  for (const before of step) {
    const row = rowNumber(before.row);
    const day = dayNumber(before.on);
    const cell = cellAt(row, day);
    if (!cell) continue;
    apply(row, day, cell, { minutes: before.minutes, note: before.minutes ? before.note : undefined, billable: before.minutes ? before.billable : undefined });
    cell.done = before.minutes > 0;
    paint(row, day);
  }
  refresh();
}

export function refresh() {
  sums();
  describe(here.row, here.day);
}

queue.onAnswer((kind, detail) => {
  if (kind === "queued" && navigator.onLine) status("saving", say("saving"));
  if (kind === "sending") status("saving", say("saving"));
  if (kind === "offline") status("offline", say("queued", { count: queue.size() }));
  if (kind === "refused") { status("error", say("not_saved")); toast(detail.why, "danger"); for (const edit of detail.sent) failAt(edit, detail.why); }
  if (kind === "saved") arrived(detail);
});

function arrived({ outcomes, cells, sent }) {
  for (const found of cells) {
    const row = rowNumber(found.row);
    const cell = cellAt(row, dayNumber(found.day));
    // Something typed meanwhile is newer than the answer; its own answer follows.
    if (cell && !queue.isWaiting(found.row, found.day)) cell.e = found.e;
  }
  for (const outcome of outcomes) {
    if (!outcome.refused) continue;
    if (outcome.refused === "stale") conflict(outcome, sent.find((edit) => edit.id === outcome.id));
    else failAt(outcome, outcome.why);
  }
  for (const found of cells) paint(rowNumber(found.row), dayNumber(found.day));
  const failed = outcomes.some((outcome) => outcome.refused);
  if (queue.isIdle()) status(failed ? "error" : "saved", failed ? say("not_saved") : say("saved_at", { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) }));
  refresh();
}

function failAt(edit, why) {
  const row = rowNumber(edit.row);
  const day = dayNumber(edit.day);
  if (row >= 0 && day >= 0) fail(row, day, why);
}

function conflict(outcome, mine) {
  const row = rowNumber(outcome.row);
  const day = dayNumber(outcome.day);
  const cell = cellAt(row, day);
  if (!cell || mine?.minutes === undefined) return;
  faults.set(place(row, day), { text: `${say("changed_elsewhere", { time: clock(total(cell)) })} ${say("use_mine")}: ${clock(mine.minutes)}`, mine: mine.minutes });
}

// Edits that were still queued when the page was left are laid over what the server rendered.
export function replay() {
  for (const edit of queue.pending()) {
    const row = rowNumber(edit.row);
    const cell = cellAt(row, dayNumber(edit.day));
    if (edit.minutes !== undefined) put(cell, state.rows[row], edit.minutes);
    const last = newest(cell);
    if (last && edit.note !== undefined) last.n = edit.note;
    if (last && edit.billable !== undefined) last.b = edit.billable;
    cell.done = true;
  }
}

// Whoever comes back to the page sees what another device or a colleague logged meanwhile.
async function look() {
  if (document.visibilityState !== "visible" || !queue.isIdle()) return;
  const answer = await queue.post(state.urls.logged, {}, "GET").catch(() => null);
  // Without a network, or with something typed meanwhile, the page stays as it is.
  if (!answer || !queue.isIdle()) return;
  if (answer.cells.some((found) => rowNumber(found.row) < 0)) return location.reload();
  const logged = new Map(answer.cells.map((found) => [`${found.row} ${found.day}`, found.e]));
  state.rows.forEach((row, number) => row.cells.forEach((cell, day) => {
    const entries = logged.get(`${row.key} ${state.days[day].on}`) ?? [];
    if (JSON.stringify(entries) === JSON.stringify(cell.e)) return;
    cell.e = entries;
    paint(number, day);
  }));
  refresh();
}
document.addEventListener("visibilitychange", look);

export { addRow };

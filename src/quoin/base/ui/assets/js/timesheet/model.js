// The week in memory: rows, cells, sums. Knows no document and no network.
import { formed } from "../plural.js";
export const state = JSON.parse(document.getElementById("timesheet-state").textContent);
export const words = state.words;
export const say = (name, values = {}) => formed(words[name] ?? name, values.count).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);

const index = new Map();
function prepare(row) {
  row.cells ??= [];
  for (let day = 0; day < 7; day += 1) row.cells[day] ??= { e: [] };
  row.start = row.cells.reduce((sum, cell) => sum + total(cell), 0);
}

function reindex() {
  index.clear();
  state.rows.forEach((row, number) => index.set(row.key, number));
}

export const total = (cell) => cell.e.reduce((sum, entry) => sum + entry.m, 0);
export const cellAt = (row, day) => state.rows[row]?.cells[day];
export const rowNumber = (key) => index.get(key) ?? -1;
export const dayNumber = (on) => state.days.findIndex((day) => day.on === on);
export const rowSum = (row) => row.cells.reduce((sum, cell) => sum + total(cell), 0);
export const daySum = (day) => state.rows.reduce((sum, row) => sum + total(row.cells[day]), 0);
export const weekSum = () => state.days.reduce((sum, _day, number) => sum + daySum(number), 0);
export const left = (row) => (row.left === null ? null : row.left - (rowSum(row) - row.start));
export const suggested = () => state.rows.reduce((sum, row) => sum + row.cells.reduce((found, cell) => found + open(cell), 0), 0);
export const note = (cell) => newest(cell)?.n ?? "";
export const newest = (cell) => cell.e.at(-1);
export const label = (row) => [row.client, row.project, row.task].filter(Boolean).join(", ");

// What is still proposed for the cell: a suggestion that was taken over or typed over is done.
export function open(cell) {
  return cell.s && !cell.done && !cell.lock ? cell.s : 0;
}

export function addRow(row) {
  if (index.has(row.key)) return index.get(row.key);
  prepare(row);
  state.rows.push(row);
  reindex();
  return state.rows.length - 1;
}

export function removeRow(number) {
  state.rows.splice(number, 1);
  reindex();
}

// The sum the cell will have once everything on its way has arrived; entries are adjusted as the server will do it.
export function put(cell, row, minutes) {
  const delta = minutes - total(cell);
  const entries = cell.e.map((entry) => ({ ...entry }));
  if (delta > 0) grow(entries, delta, row);
  else shrink(entries, -delta);
  cell.e = entries;
}

const editable = (entry) => entry.st === "open" || entry.st === "returned";

function grow(entries, delta, row) {
  const plain = entries.filter((entry) => editable(entry) && !entry.clock).at(-1);
  if (plain) plain.m += delta;
  else entries.push({ id: "", m: delta, n: "", b: row.billable, st: "open" });
}

function shrink(entries, surplus) {
  const order = entries.filter(editable).reverse().sort((a, b) => Number(Boolean(a.clock)) - Number(Boolean(b.clock)));
  for (const entry of order) {
    if (surplus <= 0) return;
    const taken = Math.min(entry.m, surplus);
    entry.m -= taken;
    surplus -= taken;
    if (!entry.m) entries.splice(entries.indexOf(entry), 1);
  }
}

// Minutes that cannot be typed away: handed in or approved.
export const fixed = (cell) => cell.e.filter((entry) => !editable(entry)).reduce((sum, entry) => sum + entry.m, 0);
export const isReturned = (cell) => cell.e.some((entry) => entry.st === "returned");

for (const row of state.rows) prepare(row);
reindex();

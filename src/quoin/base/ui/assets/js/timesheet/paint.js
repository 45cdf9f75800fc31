// The grid on the page: builds it once, then repaints single cells, sums and the line below.
import { clock, dash } from "./durations.js";
import { cellAt, daySum, isReturned, label, left, newest, note, open, rowSum, say, state, suggested, total, weekSum } from "./model.js";
import { isWaiting } from "./queue.js";

const root = document.getElementById("timesheet");
const body = root.querySelector("[data-grid] tbody");
const part = (name) => root.querySelector(`[data-${name}]`);
let cells = [];
export const faults = new Map();
export const place = (row, day) => `${state.rows[row]?.key}|${state.days[day]?.on}`;

export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== false) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function build() {
  const table = root.querySelector("[data-grid]");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-rowcount", String(state.rows.length + 1));
  cells = [];
  body.replaceChildren(...state.rows.map(line));
  sums();
}

function line(row, number) {
  const head = make("th", { scope: "row", role: "rowheader", class: "ts-row-head" },
    make("span", { class: "ts-row" },
      make("i", { class: `ts-color ts-color-${row.color}`, "aria-hidden": "true" }),
      make("span", { class: "ts-name", title: label(row) },
        make("b", {}, row.task ? `${row.project} · ${row.task}` : row.project), make("small", {}, row.client)),
      row.billable ? make("span", { class: "ts-money", title: say("billable") }, "€") : null,
      make("button", { type: "button", class: "btn btn-ghost btn-icon ts-menu", tabindex: "-1", "data-row-menu": number, "aria-label": label(row) }, "⋯")));
  cells[number] = row.cells.map((_cell, day) => make("td", { role: "gridcell", tabindex: "-1", class: "ts-cell", "data-row": number, "data-day": day }));
  const made = make("tr", { role: "row" }, head, ...cells[number], make("td", { class: "ts-sum" }), make("td", { class: "ts-left" }));
  row.cells.forEach((_cell, day) => paint(number, day));
  fillRow(made, row);
  return made;
}

function fillRow(made, row) {
  made.querySelector(".ts-sum").textContent = dash(rowSum(row));
  const rest = left(row);
  const box = made.querySelector(".ts-left");
  box.textContent = rest === null ? "–" : clock(rest);
  box.className = `ts-left${rest === null ? "" : rest < 0 ? " is-danger" : rest < row.budget / 10 ? " is-warning" : ""}`;
  box.title = rest !== null && rest < 0 ? say("left_over", { time: clock(-rest) }) : "";
}

export const element = (row, day) => cells[row]?.[day];

export function paint(row, day) {
  const box = element(row, day);
  const cell = cellAt(row, day);
  if (!box || box.querySelector("input")) return;
  const minutes = total(cell);
  const proposed = open(cell);
  const names = ["ts-cell", `d${day}`];
  if (!minutes && proposed) names.push("is-suggested");
  if (minutes && proposed) names.push("has-suggestion");
  if (cell.lock) names.push("is-locked");
  if (isReturned(cell)) names.push("is-returned");
  if (isWaiting(state.rows[row].key, state.days[day].on)) names.push("is-waiting");
  if (!state.days[day].target) names.push("is-off");
  if (state.days[day].today) names.push("is-today");
  const fault = faults.get(place(row, day));
  if (fault) names.push("is-error");
  for (const kept of ["is-focus", "is-picked"]) if (box.classList.contains(kept)) names.push(kept);
  box.className = names.join(" ");
  box.replaceChildren(...content(cell, minutes, proposed));
  box.setAttribute("aria-label", spoken(row, day));
  if (cell.lock) box.setAttribute("aria-readonly", "true");
  else box.removeAttribute("aria-readonly");
  if (fault) { box.setAttribute("aria-invalid", "true"); box.append(make("span", { class: "ts-fault", role: "alert" }, fault.text)); }
  else box.removeAttribute("aria-invalid");
}

function content(cell, minutes, proposed) {
  const value = minutes || proposed;
  return [
    cell.running ? make("span", { class: "ts-run", "aria-hidden": "true" }, "▸") : null,
    make("span", { class: "ts-value" }, value ? clock(value) : ""),
    cell.e.length > 1 ? make("sup", {}, String(cell.e.length)) : null,
    note(cell) ? make("i", { class: "ts-dot" }) : null,
  ].filter(Boolean);
}

function spoken(row, day) {
  const cell = cellAt(row, day);
  const minutes = total(cell);
  const words = [label(state.rows[row]), state.days[day].name];
  words.push(minutes ? say("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }) : say("empty"));
  if (open(cell)) words.push(`${say("suggestion", { time: clock(open(cell)) })}, ${cell.hint}`);
  if (cell.e.length > 1) words.push(say("entries", { count: cell.e.length }));
  if (note(cell)) words.push(`${say("note")}: ${note(cell)}`);
  if (cell.lock) words.push(`${say("locked")}: ${cell.why}`);
  const back = cell.e.find((entry) => entry.st === "returned" && entry.r);
  if (back) words.push(say("returned", { note: back.r }));
  return words.join(", ");
}

export function sums() {
  [...body.rows].forEach((made, number) => fillRow(made, state.rows[number]));
  const [logged, , difference] = root.querySelectorAll("tfoot tr");
  state.days.forEach((day, number) => {
    const sum = daySum(number);
    const off = sum - day.target;
    logged.cells[number + 1].textContent = dash(sum);
    const box = difference.cells[number + 1];
    box.textContent = day.target || sum ? (off > 0 ? `+${clock(off)}` : clock(off)) : "–";
    box.classList.toggle("is-met", off === 0 && day.target > 0);
  });
  const due = state.days.reduce((sum, day) => sum + day.target, 0);
  logged.cells[8].textContent = clock(weekSum());
  difference.cells[8].textContent = weekSum() > due ? `+${clock(weekSum() - due)}` : clock(weekSum() - due);
  const hint = part("suggested");
  const proposed = state.submitted ? 0 : suggested();
  hint.hidden = !proposed;
  hint.querySelector("[data-suggested-text]").textContent = say("suggestions", { time: clock(proposed) });
  tabs();
}

// On a phone one day is shown at a time, chosen here.
function tabs() {
  const strip = root.querySelector(".ts-days");
  strip.hidden = false;
  const chosen = root.dataset.day;
  strip.replaceChildren(...state.days.map((day, number) => make("button", { type: "button", class: `ts-tab${day.today ? " is-today" : ""}`, "data-tab": number, "aria-pressed": String(String(number) === chosen) },
    make("span", {}, day.name.split(/[\s,]+/)[0]), make("b", {}, dash(daySum(number))))));
}

export function status(kind, text) {
  const box = part("state");
  box.className = `ts-state is-${kind}`;
  box.textContent = text;
}

export function describe(row, day) {
  const bar = part("line");
  const cell = cellAt(row, day);
  bar.hidden = !cell;
  if (!cell) return;
  const its = state.rows[row];
  part("line-place").textContent = `${state.days[day].name} · ${[its.project, its.task].filter(Boolean).join(" · ")}`;
  part("line-time").textContent = total(cell) ? clock(total(cell)) : "";
  const field = part("note");
  const last = newest(cell);
  const isFree = last && (last.st === "open" || last.st === "returned") && !cell.lock;
  if (document.activeElement !== field) field.value = note(cell);
  field.disabled = !isFree;
  const billable = part("billable");
  billable.disabled = !isFree;
  billable.setAttribute("aria-pressed", String(Boolean(last?.b)));
  part("line-why").textContent = why(cell);
}

function why(cell) {
  const back = cell.e.find((entry) => entry.st === "returned" && entry.r);
  if (back) return say("returned", { note: back.r });
  if (cell.lock) return cell.why;
  return open(cell) ? `${say("suggestion", { time: clock(open(cell)) })}: ${cell.hint}` : "";
}

export { part, root };

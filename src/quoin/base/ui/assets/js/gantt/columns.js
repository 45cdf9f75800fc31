// Columns of the grid beside the bars: what they show, how wide they are, which can be typed into.
import { dates, isLate, island, iso, lastOf, owners, say, settings, span, state, waits, written } from "./model.js";

const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const ALL = {
  number: { width: 44, isRight: true, text: (row) => (island.isTimeline ? "" : row.number) },
  wbs: { width: 64, text: (row) => row.wbs },
  name: { width: 240, field: "name", text: (row) => row.name },
  duration: { width: 72, isRight: true, field: "duration", text: (row) => (row.isPhase || row.kind === "milestone" ? "" : span(row.duration ?? (row.estimate || null))) },
  start: { width: 78, field: "start", text: (row) => written(dates(row).start), typed: (row) => iso(dates(row).start) },
  finish: { width: 78, field: "finish", text: (row) => written(lastOf(dates(row).finish)), typed: (row) => iso(lastOf(dates(row).finish)) },
  drift: { width: 60, isRight: true, text: (row) => (row.drift == null ? "" : row.drift > 0 ? `+${row.drift} d` : row.drift < 0 ? `−${-row.drift} d` : "0") },
  percent: { width: 48, isRight: true, field: "percent", text: (row) => row.percent },
  status: { width: 74, text: (row) => flags(row) },
  people: { width: 150, field: "people", text: owners },
  predecessors: { width: 110, field: "predecessors", text: waits },
  float: { width: 60, isRight: true, text: (row) => (dates(row).slack == null ? "" : span(dates(row).slack)) },
  left: { width: 64, isRight: true, text: (row) => span(row.left) },
  deadline: { width: 86, field: "deadline", text: (row) => written(row.deadline), typed: (row) => iso(row.deadline) },
  constraint: { width: 110, text: (row) => (row.constraint === "asap" ? "" : `${row.constraint.toUpperCase()} ${written(row.constraint_at)}`) },
};
const USUAL = ["number", "name", "duration", "finish", "drift", "percent", "status", "predecessors", "people"];
export const CHOICES = Object.keys(ALL);
const NARROW = 640;

function flags(row) {
  const found = [];
  if (dates(row).critical && settings.critical) found.push(say("critical"));
  if (isLate(row)) found.push(say("late"));
  if (row.manual) found.push(say("pinned"));
  if (state.held[row.number]) found.push(say("held", { name: state.held[row.number] }));
  if (row.signed_by) found.push(say("accepted", { name: row.signed_by }));
  return found.join(", ");
}

export const names = () => (innerWidth < NARROW || island.isTimeline ? ["name"] : settings.columns ?? USUAL);
export const columns = () => names().filter((name) => ALL[name] && (name !== "drift" || settings.columns || island.compare)).map((name) => ({ name, ...ALL[name] }));

// No column is cut through by the split that nobody has moved yet.
function wholeColumns(room) {
  const [first, ...others] = columns().map((column) => column.width);
  let sum = first;
  for (const width of others) {
    if (sum + width > room) break;
    sum += width;
  }
  return sum;
}

export function paneWidth() {
  const whole = columns().reduce((sum, column) => sum + column.width, 0);
  const room = Math.max(140, state.room ?? innerWidth);
  const wanted = settings.pane || (innerWidth < NARROW ? Math.min(whole, room * 0.45) : wholeColumns(room * 0.55));
  return Math.round(Math.max(120, Math.min(wanted, whole, room - 120)));
}

export function headers(place) {
  place.innerHTML = columns().map((column, at) => `<span role="columnheader" aria-colindex="${at + 1}" class="gantt-cell${column.isRight ? " is-right" : ""}" data-w="${column.width}"><span class="gantt-text">${escape(say(column.name))}</span></span>`).join("");
  for (const cell of place.children) cell.style.inlineSize = `${cell.dataset.w}px`;
  sheet();
}

// Widths of cells are rules of one constructed sheet: the page allows no inline styles in markup.
const own = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, own];
function sheet() {
  own.replaceSync(columns().map((column, at) => `.gantt-row > :nth-child(${at + 1}) { inline-size: ${column.width}px; }`).join("\n")
    + Array.from({ length: 12 }, (_, level) => `\n.gantt-row [data-level="${level + 1}"] { padding-inline-start: ${level * 16}px; }`).join(""));
}

export function cells(row, focused) {
  const late = isLate(row) || row.drift > 0;
  return columns().map((column, at) => {
    const text = escape(column.text(row));
    const marks = `${column.isRight ? " is-right" : ""}${column.name === "drift" && late ? " is-worse" : ""}${column.name === "status" ? " is-flag" : ""}`;
    const role = column.name === "name" ? "rowheader" : "gridcell";
    const inner = column.name === "name" ? name(row, text) : `<span class="gantt-text" title="${text}">${text}</span>`;
    return `<span role="${role}" aria-colindex="${at + 1}" tabindex="${at === focused ? 0 : -1}" class="gantt-cell${marks}" data-column="${at}">${inner}</span>`;
  }).join("");
}

function name(row, text) {
  const toggle = row.isPhase ? `<i class="gantt-toggle${state.closed.has(row.number) ? " is-closed" : ""}" data-toggle aria-hidden="true"></i>` : '<i class="gantt-toggle is-none" aria-hidden="true"></i>';
  const kind = row.kind === "milestone" || row.kind === "deliverable" ? `<i class="gantt-kind is-${row.kind}" aria-hidden="true"></i><span class="sr-only">${say(row.kind)} </span>` : "";
  const link = island.isTimeline && row.key ? `<a href="${escape(island.links[row.key])}" tabindex="-1">${text}</a> <small>${escape(row.why)}</small>` : text;
  return `<span class="gantt-name" data-level="${Math.min(row.level, 12)}">${toggle}${kind}<span class="gantt-text" title="${text}">${link}</span></span>`;
}

// Draws what is in sight: rows and columns beyond the edge exist as numbers only. Nodes of rows are used again.
import { cell, chosen, current, effortOf, hours, mean, minutesIn, one, root, say, settings, shown, state, title, week, written } from "./model.js";

export const parts = { scroll: one("[data-scroll]"), head: one("[data-head]"), body: one("[data-body]"), foot: one("[data-foot]"), count: one("[data-count]"), empty: one("[data-empty]") };
const WIDTHS = { days: 40, weeks: 52, months: 76 };
const MORE_ROWS = 6;
const MORE_COLUMNS = 4;
export const size = { row: 32, column: 52, pane: 240, width: 0, height: 0 };

export function measure() {
  const style = getComputedStyle(root);
  size.row = parseFloat(style.getPropertyValue("--row")) || 32;
  size.pane = parseFloat(style.getPropertyValue("--pl-pane")) || 240;
  size.width = parts.scroll.clientWidth;
  size.height = parts.scroll.clientHeight;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const heat = (percent) => (percent === null ? "heat-x" : percent === 0 ? "heat-0" : percent < 50 ? "heat-1" : percent < 80 ? "heat-2" : percent < 95 ? "heat-3" : percent <= 100 ? "heat-4" : percent <= 120 ? "heat-5" : "heat-6");
const mark = (percent) => (percent > 120 ? "▲▲" : percent > 100 ? "▲" : "");

let range = { first: 0, last: 0 };
let slots = 1;
let wasChosen = false;
let epoch = 0;
const rows = new Map();
const spare = [];
const heads = new Map();
const foots = [];
let painted = "";

function columnsInSight() {
  const left = parts.scroll.scrollLeft;
  const room = size.width - size.pane;
  const first = Math.max(0, Math.floor(left / size.column) - MORE_COLUMNS);
  const last = Math.min(state.starts.length - 1, Math.ceil((left + room) / size.column) + MORE_COLUMNS);
  // In steps, so that a slow scroll does not draw anew at each pixel.
  return { first: first - (first % 4), last: Math.min(state.starts.length - 1, last + 3 - (last % 4)) };
}

// Everything anew: after a change of the data, the zoom or the settings.
export function paint() {
  epoch += 1;
  size.column = WIDTHS[state.zoom] ?? 52;
  slots = Math.ceil((size.width - size.pane) / size.column) + 2 * MORE_COLUMNS + 10;
  for (const node of [...rows.values(), ...spare]) for (const made of node.cells) made?.remove();
  for (const node of [...rows.values(), ...spare]) node.cells = [];
  const width = size.pane + state.starts.length * size.column;
  parts.body.style.height = `${state.rows.length * size.row}px`;
  for (const part of [parts.body, parts.head, parts.foot]) part.style.width = `${width}px`;
  parts.scroll.setAttribute("aria-rowcount", String(state.rows.length + 3));
  parts.scroll.setAttribute("aria-colcount", String(state.starts.length + 1));
  const nobody = !state.people.length || (state.windows && !state.windows.size);
  parts.empty.hidden = !nobody;
  parts.empty.textContent = nobody ? say("no_match") : "";
  parts.count.textContent = state.windows ? say("found", { count: state.windows.size }) : `${say("count_people", { count: state.people.length })}, ${say("count_bookings", { count: state.bookings.length })}`;
  heads.clear();
  parts.head.replaceChildren();
  drawFoot();
  draw();
}

let asked = 0;
export function later() {
  if (!asked) asked = requestAnimationFrame(() => { asked = 0; draw(); });
}

// Only what came into sight.
export function draw() {
  range = columnsInSight();
  drawHead();
  fillFoot();
  const top = parts.scroll.scrollTop;
  const first = Math.max(0, Math.floor(top / size.row) - MORE_ROWS);
  const last = Math.min(state.rows.length - 1, Math.ceil((top + size.height) / size.row) + MORE_ROWS);
  const wanted = new Set([state.at]);
  for (let at = first; at <= last; at += 1) wanted.add(at);
  for (const [at, node] of rows) if (!wanted.has(at)) { rows.delete(at); spare.push(node); node.hidden = true; }
  const key = `${epoch}:${range.first}:${range.last}`;
  for (const at of wanted) {
    const row = state.rows[at];
    if (!row) continue;
    let node = rows.get(at);
    if (!node) {
      node = spare.pop() ?? newRow();
      rows.set(at, node);
      node.stamp = "";
    }
    if (node.stamp !== `${key}:${at}`) { fill(node, row, at); node.stamp = `${key}:${at}`; }
  }
  painted = key;
  stand();
}

function newRow() {
  const node = element("div", "pl-row");
  node.setAttribute("role", "row");
  node.name = element("div", "pl-name");
  node.name.setAttribute("role", "rowheader");
  node.append(node.name);
  node.cells = [];
  node.bar = null;
  parts.body.append(node);
  return node;
}

function cellOf(node, at) {
  if (!node.cells[at]) {
    const made = element("div", "pl-cell");
    made.setAttribute("role", "gridcell");
    node.cells[at] = made;
    node.append(made);
  }
  return node.cells[at];
}

const FILL = {
  person(node, row, at) {
    const { person } = row;
    const isOpen = state.open.has(person.id);
    node.setAttribute("aria-level", "1");
    node.setAttribute("aria-expanded", String(isOpen));
    const average = mean(person);
    const name = element("span", "pl-who");
    name.append(element("b", "", person.name), element("small", "", [person.role, person.place].filter(Boolean).join(" · ")));
    node.name.replaceChildren(element("span", `pl-toggle${isOpen ? " is-open" : ""}`), name, element("span", "pl-mean", average === null ? "–" : `${average}%`));
    node.name.setAttribute("aria-label", `${person.name}, ${[person.role, person.team].filter(Boolean).join(", ")}, ${say("average")} ${average ?? 0} %`);
    each(node, at, (made, column) => {
      const found = cell(person, column);
      const away = person.away[column];
      const isFit = state.windows?.get(person.id)?.includes(column);
      const tentative = found.tentative > 0 ? " is-tentative" : "";
      const text = found.workable > 0 && found.capacity === 0 && !found.firm ? (away ?? "–") : shown(found, column);
      made.className = `pl-cell ${found.capacity === 0 && !found.firm ? "is-away" : heat(found.percent)}${tentative}${found.tried ? " is-tried" : ""}${isFit ? " is-fit" : ""}`;
      made.textContent = `${mark(found.percent ?? 0)}${text}`;
      if (away && found.capacity > 0) made.append(element("i", "pl-away", away));
      made.setAttribute("aria-label", spoken(person.name, column, found, away));
    });
  },
  booking(node, row, at) {
    const { bar } = row;
    node.setAttribute("aria-level", "2");
    node.removeAttribute("aria-expanded");
    const name = element("span", "pl-who is-bar");
    name.append(element("b", "", bar.project[1]), element("small", "", [bar.firm ? say("firm") : say("tentative"), bar.note].filter(Boolean).join(" · ")));
    node.name.replaceChildren(element("i", `pl-dot c${bar.color}`), name);
    node.name.setAttribute("aria-label", `${row.person.name}, ${bar.project[1]}, ${effortOf(bar)}, ${bar.firm ? say("firm") : say("tentative")}, ${written(bar.from)} – ${written(bar.until)}`);
    each(node, at, (made, column) => {
      const minutes = minutesIn(bar, column);
      made.className = "pl-cell is-plain";
      made.textContent = "";
      made.setAttribute("aria-label", `${bar.project[1]}, ${title(column)}: ${minutes ? `${hours(minutes)} h` : say("nothing")}`);
    });
    place(node, bar, `pl-block${bar.firm ? "" : " is-tentative"} c${bar.color}`, `${effortOf(bar)} · ${bar.project[1]}`);
  },
  title(node) {
    node.removeAttribute("aria-expanded");
    node.setAttribute("aria-level", "1");
    node.name.replaceChildren(element("b", "", say("unassigned")));
    node.name.setAttribute("aria-label", say("unassigned"));
    each(node, 0, (made) => { made.className = "pl-cell is-plain"; made.textContent = ""; made.removeAttribute("aria-label"); });
  },
  gap(node, row, at) {
    const { gap } = row;
    node.removeAttribute("aria-expanded");
    node.setAttribute("aria-level", "1");
    const name = element("span", "pl-who is-gap");
    name.append(element("b", "", gap.title || gap.project[1]), element("small", "", `#${gap.number} · ${gap.project[1]}`));
    node.name.replaceChildren(name);
    node.name.setAttribute("aria-label", `${say("request", { number: gap.number })}: ${gap.title}, ${gap.project[1]}`);
    each(node, at, (made, column) => {
      const minutes = minutesIn(gap, column);
      made.className = `pl-cell${minutes ? " is-gap" : " is-plain"}`;
      made.textContent = minutes ? (settings.unit === "percent" ? String(Math.round((minutes * 100) / (state.full[column] || 2400))) : hours(minutes)) : "";
      made.setAttribute("aria-label", `${say("request", { number: gap.number })}, ${title(column)}: ${minutes ? say("missing", { hours: `${hours(minutes)} h` }) : say("nothing")}`);
    });
  },
};

export function spoken(name, column, found, away) {
  if (found.percent === null) return `${name}, ${title(column)}: ${away ? say("away") : say("none")}`;
  const load = `${found.percent} %${found.percent > 100 ? `, ${say("over")}` : ""}`;
  const all = found.tentative ? say("incl", { text: load, part: `${hours(found.tentative)} h` }) : load;
  return `${name}, ${title(column)}: ${all}${away ? `, ${say("away")} ${away}` : ""}`;
}

// A column always lies in the same slot of its row, so that a scroll to the side draws only the columns that are new.
function each(node, at, draw_) {
  const stamp = `${epoch}:${at}:${node.key}`;
  const columns = [];
  for (let column = range.first; column <= range.last; column += 1) columns.push([column, column % slots]);
  if (at === state.at && state.column >= 0 && (state.column < range.first || state.column > range.last)) columns.push([state.column, slots]);
  const used = new Set();
  for (const [column, slot] of columns) {
    const made = cellOf(node, slot);
    used.add(slot);
    if (made.column === column && made.stamp === stamp) continue;
    if (made.column !== column) {
      made.column = column;
      made.style.left = `${size.pane + column * size.column}px`;
      made.dataset.column = column;
      made.setAttribute("aria-colindex", String(column + 2));
    }
    made.style.width = `${size.column}px`;
    made.hidden = false;
    made.stamp = stamp;
    draw_(made, column);
  }
  node.cells.forEach((made, slot) => { if (!used.has(slot) && !made.hidden) { made.hidden = true; made.column = -1; made.dataset.column = ""; } });
}

// Where days lie, in pixels from the first column.
export function x(day) {
  const { starts, ends } = state;
  if (day <= starts[0]) return 0;
  const last = starts.length - 1;
  if (day > ends[last]) return (last + 1) * size.column;
  const at = starts.findIndex((start, column) => start <= day && day <= ends[column]);
  return (at + (day - starts[at]) / (ends[at] - starts[at] + 1)) * size.column;
}

function place(node, bar, className, text) {
  if (!node.bar) {
    node.bar = element("div", "pl-block");
    node.bar.append(element("i", "pl-edge is-start"), element("span", "pl-label"), element("i", "pl-edge is-end"));
    node.bar.setAttribute("aria-hidden", "true");
    node.append(node.bar);
  }
  const ghost = state.ghost?.bar === bar && state.ghost.from ? state.ghost : bar;
  const left = x(ghost.from_on ?? bar.from);
  const right = x((ghost.until_on ?? bar.until) + 1);
  node.bar.hidden = false;
  node.bar.className = `${className}${ghost === bar ? "" : " is-moving"}`;
  node.bar.style.left = `${size.pane + left}px`;
  node.bar.style.width = `${Math.max(right - left, 8)}px`;
  node.bar.children[1].textContent = text;
}

function fill(node, row, at) {
  node.hidden = false;
  node.key = row.key;
  node.dataset.at = at;
  node.className = `pl-row is-${row.kind}${state.ghost?.person && row.kind === "person" && state.ghost.person === row.person ? " is-target" : ""}`;
  node.style.transform = `translateY(${at * size.row}px)`;
  node.setAttribute("aria-rowindex", String(at + 2));
  if (node.bar) node.bar.hidden = true;
  FILL[row.kind](node, row, at);
}

function drawHead() {
  if (!heads.has(-1)) {
    const corner = element("div", "pl-corner", say("person"));
    corner.setAttribute("role", "columnheader");
    parts.head.setAttribute("role", "row");
    parts.head.setAttribute("aria-rowindex", "1");
    parts.head.append(corner);
    heads.set(-1, corner);
  }
  for (const [column, node] of heads) if (column >= 0 && (column < range.first || column > range.last)) { node.remove(); heads.delete(column); }
  for (let column = range.first; column <= range.last; column += 1) {
    if (heads.has(column)) continue;
    const node = element("button", `pl-column${column === state.todayColumn ? " is-today" : ""}`);
    node.type = "button";
    node.tabIndex = -1;
    const start = state.starts[column];
    const isNew = column === 0 || new Date(start * 86400000).getUTCMonth() !== new Date(state.starts[column - 1] * 86400000).getUTCMonth();
    node.append(element("small", "", state.zoom === "months" ? "" : isNew ? written(start, "month") : ""), element("span", "", state.zoom === "weeks" ? String(week(start)) : state.zoom === "days" ? written(start, "head") : written(start, "month")));
    node.title = title(column);
    node.dataset.column = column;
    const holder = element("div", "pl-colhead");
    holder.setAttribute("role", "columnheader");
    holder.setAttribute("aria-colindex", String(column + 2));
    holder.style.left = `${size.pane + column * size.column}px`;
    holder.style.width = `${size.column}px`;
    holder.append(node);
    parts.head.append(holder);
    heads.set(column, holder);
  }
}

function drawFoot() {
  parts.foot.replaceChildren();
  foots.length = 0;
  for (const name of ["capacity", "booked"]) {
    const node = newRow();
    node.classList.add("is-foot");
    node.name.append(element("b", "", say(name)));
    node.stamp = "";
    node.key = name;
    parts.foot.append(node);
    foots.push([name, node]);
  }
}

function fillFoot() {
  const stamp = `${epoch}:${range.first}:${range.last}`;
  foots.forEach(([name, node], number) => {
    if (node.stamp === stamp) return;
    node.stamp = stamp;
    node.setAttribute("aria-rowindex", String(state.rows.length + 2 + number));
    each(node, -1, (made, column) => {
      const { capacity, firm, tentative } = state.totals;
      const booked = firm[column] + (settings.tentative ? tentative[column] : 0);
      const percent = capacity[column] ? Math.round((booked * 100) / capacity[column]) : null;
      made.className = `pl-cell ${name === "booked" ? heat(percent) : "is-plain"}`;
      made.textContent = name === "capacity" ? String(Math.round(capacity[column] / 60)) : percent === null ? "–" : `${mark(percent)}${percent}%`;
      made.setAttribute("aria-label", `${say(name)}, ${title(column)}: ${made.textContent}`);
    });
  });
}

// One stop for Tab: the cell on which the keyboard stands.
let focused = null;
function stand() {
  const node = rows.get(state.at);
  const target = !node ? null : state.column < 0 ? node.name : node.cells.find((made) => made && !made.hidden && made.dataset.column === String(state.column));
  if (focused && focused !== target) { focused.tabIndex = -1; focused.removeAttribute("data-here"); }
  focused = target ?? null;
  if (focused) { focused.tabIndex = 0; focused.dataset.here = ""; }
  if (state.anchor === null && !wasChosen) return;
  wasChosen = state.anchor !== null;
  const [first, last] = chosen();
  for (const [at, row] of rows) {
    const isHere = at === state.at && state.anchor !== null;
    for (const made of row.cells) made?.classList.toggle("is-chosen", isHere && !made.hidden && Number(made.dataset.column) >= first && Number(made.dataset.column) <= last);
  }
}

export function focus() {
  reveal();
  draw();
  focused?.focus({ preventScroll: true });
}

function reveal() {
  const { scroll } = parts;
  const headRoom = parts.head.offsetHeight;
  const footRoom = parts.foot.offsetHeight;
  const top = state.at * size.row;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + size.row > scroll.scrollTop + size.height - headRoom - footRoom) scroll.scrollTop = top + size.row - size.height + headRoom + footRoom;
  if (state.column < 0) return;
  const left = state.column * size.column;
  if (left < scroll.scrollLeft) scroll.scrollLeft = left;
  else if (left + size.column > scroll.scrollLeft + size.width - size.pane) scroll.scrollLeft = left + size.column - size.width + size.pane;
}

export function show(column) {
  parts.scroll.scrollLeft = column * size.column;
  draw();
}

// Draw the rows of people whose cells a tried change touches, and the bars.
export function retry() {
  epoch += 1;
  draw();
}

export const isPainted = () => painted !== "";
export const here = () => current();
parts.scroll.addEventListener("scroll", later, { passive: true });

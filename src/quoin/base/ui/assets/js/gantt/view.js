// Draws the window that is looked at: rows of the grid and the SVG beside them. Scrolling redraws only at its edges.
import { bars, links, now } from "./bars.js";
import { cells, columns, headers, paneWidth } from "./columns.js";
import { current, one, say, state } from "./model.js";
import { axis, ground, width, x } from "./scale.js";

export const parts = { scroll: one("[data-scroll]"), body: one("[data-body]"), pane: one("[data-pane]"), head: one("[data-head]"), drawing: one("[data-drawing]"), axis: one("[data-axis]") };
const MORE_ROWS = 14;
const shown = { first: -1, last: -1, left: 0, right: 0 };
let frame = 0;

export const bottomSpace = () => 8;
const rowNodes = new Map();

export function resize() {
  state.rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 32;
  state.room = parts.scroll.clientWidth;
  const wide = paneWidth();
  parts.scroll.style.setProperty("--whole", `${state.visible.length * state.rowHeight + 70}px`);
  parts.scroll.style.setProperty("--pane", `${wide}px`);
  parts.body.style.blockSize = `${Math.max(state.visible.length * state.rowHeight + bottomSpace(), 1)}px`;
  parts.body.style.inlineSize = `${wide + width()}px`;
  parts.head.style.inlineSize = `${wide + width()}px`;
  parts.scroll.setAttribute("aria-rowcount", state.visible.length + 1);
  parts.scroll.setAttribute("aria-colcount", columns().length);
}

export function paint() {
  shown.first = -1;
  headers(one("[data-headers]"));
  resize();
  draw();
}

function range() {
  const { scrollTop, clientHeight, scrollLeft, clientWidth } = parts.scroll;
  const head = parts.head.offsetHeight;
  const first = Math.max(0, Math.floor((scrollTop - head) / state.rowHeight));
  const last = Math.min(state.visible.length, Math.ceil((scrollTop + clientHeight) / state.rowHeight) + 1);
  return { first, last, left: scrollLeft, right: scrollLeft + clientWidth };
}

export function draw() {
  frame = 0;
  const seen = range();
  if (seen.first >= shown.first && seen.last <= shown.last && seen.left >= shown.left && seen.right <= shown.right && shown.first >= 0) return;
  const first = Math.max(0, seen.first - MORE_ROWS);
  const last = Math.min(state.visible.length, seen.last + MORE_ROWS);
  const room = (seen.right - seen.left) / 2;
  const [left, right] = [Math.max(0, seen.left - room), Math.min(Math.max(width(), seen.right), seen.right + room)];
  if (first !== shown.first || last !== shown.last) rows(first, last);
  Object.assign(shown, { first, last, left, right });
  const [top, bottom] = [first * state.rowHeight, Math.max(last * state.rowHeight, seen.last * state.rowHeight)];
  const wide = right - left;
  place(parts.drawing, left, top, wide, bottom - top + bottomSpace());
  place(parts.axis, left, 0, wide, 40);
  parts.axis.innerHTML = axis(left, right);
  parts.drawing.innerHTML = `${ground(left, right, top, bottom)}${now(top, bottom)}${links(first, last)}${bars(first, last)}<g data-over></g>`;
}

function place(svg, left, top, wide, high) {
  svg.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`);
  svg.setAttribute("width", wide);
  svg.setAttribute("height", Math.max(high, 1));
  svg.style.transform = `translate(${left}px, ${top}px)`;
}

function rows(first, last) {
  const focused = document.activeElement?.closest?.("[data-row-n]") && parts.pane.contains(document.activeElement);
  const wanted = new Set();
  for (let at = first; at < last; at += 1) wanted.add(state.visible[at].number);
  for (const [number, node] of rowNodes) if (!wanted.has(number)) { node.remove(); rowNodes.delete(number); }
  const made = document.createDocumentFragment();
  for (let at = first; at < last; at += 1) {
    const row = state.visible[at];
    if (!rowNodes.has(row.number)) {
      const node = document.createElement("div");
      rowNodes.set(row.number, node);
      made.append(node);
    }
    fill(rowNodes.get(row.number), row, at);
  }
  parts.pane.append(made);
  if (focused && !parts.pane.contains(document.activeElement)) parts.scroll.focus({ preventScroll: true });
}

export function fill(node, row, at) {
  if (node.querySelector("input")) return;
  node.className = `gantt-row${state.picked.has(row.number) ? " is-picked" : ""}${at === state.at ? " is-current" : ""}${row.isPhase ? " is-phase" : ""}`;
  node.dataset.rowN = row.number;
  node.setAttribute("role", "row");
  node.setAttribute("aria-rowindex", at + 2);
  node.setAttribute("aria-level", row.level);
  node.setAttribute("aria-selected", state.picked.has(row.number));
  if (row.isPhase) node.setAttribute("aria-expanded", !state.closed.has(row.number)); else node.removeAttribute("aria-expanded");
  node.style.transform = `translateY(${at * state.rowHeight}px)`;
  node.innerHTML = cells(row, at === state.at ? state.column : -1);
}

export function refresh() {
  for (let at = shown.first; at < shown.last; at += 1) {
    const row = state.visible[at];
    if (row && rowNodes.has(row.number)) fill(rowNodes.get(row.number), row, at);
  }
}

// Focus goes to the current cell; the row is brought into sight first.
export function focus({ quiet = false } = {}) {
  if (!current()) return;
  const top = state.at * state.rowHeight;
  const { scrollTop, clientHeight } = parts.scroll;
  const head = parts.head.offsetHeight;
  if (top < scrollTop) parts.scroll.scrollTop = top;
  else if (top + state.rowHeight > scrollTop + clientHeight - head) parts.scroll.scrollTop = top + state.rowHeight - clientHeight + head;
  draw();
  refresh();
  const cell = one(`[data-row-n="${current().number}"] [tabindex="0"]`, parts.pane);
  if (cell && !quiet) cell.focus({ preventScroll: true });
  if (cell) reveal(cell);
}

function reveal(cell) {
  const { scrollLeft, clientWidth } = parts.pane;
  if (cell.offsetLeft < scrollLeft) parts.pane.scrollLeft = cell.offsetLeft;
  else if (cell.offsetLeft + cell.offsetWidth > scrollLeft + clientWidth) parts.pane.scrollLeft = cell.offsetLeft + cell.offsetWidth - clientWidth;
}

export function show(minute) {
  parts.scroll.scrollLeft = Math.max(0, x(minute) - (parts.scroll.clientWidth - paneWidth()) / 4);
}

export function count() {
  const total = one("[data-count]");
  if (total) total.textContent = state.picked.size ? say("selected", { count: state.picked.size }) : say("rows", { count: state.rows.length });
}

parts.scroll.addEventListener("scroll", () => { frame ||= requestAnimationFrame(draw); }, { passive: true });
parts.pane.addEventListener("scroll", () => { one("[data-headers]").scrollLeft = parts.pane.scrollLeft; }, { passive: true });
addEventListener("resize", () => paint());

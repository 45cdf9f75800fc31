// Rows: focus, selection with ranges, the bulk bar. The form posts the ids; nothing here knows what they are.
import { all, announce, on, one, text } from "./core.js";

let anchor = null;

const table = () => one("[data-rows]");
const boxes = () => all('[data-rows] input[name="ids"]');
// The visits of the dispatch board name their row too, and are none.
export const ROW = "[data-row]:not([data-visit])";
export const rows = () => all(ROW);
export const current = () => one("[data-row].is-focus") ?? document.activeElement?.closest(ROW) ?? null;

export function focusRow(row) {
  all(".is-focus").forEach((other) => other.classList.remove("is-focus"));
  row.classList.add("is-focus");
  (one("[data-row-link]", row) ?? one("a, button, input, [tabindex]", row))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function move(by) {
  const list = rows();
  if (!list.length) return false;
  const at = list.indexOf(current());
  focusRow(list[Math.max(0, Math.min(list.length - 1, at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by))]);
  return true;
}

export function pick(row, isRange = false) {
  const box = row && one('input[name="ids"], input[name="with"]', row);
  if (!box) return;
  if (isRange && anchor) {
    const list = rows();
    const [first, last] = [list.indexOf(anchor), list.indexOf(row)].sort((a, b) => a - b);
    list.slice(first, last + 1).forEach((other) => { one('input[name="ids"]', other).checked = true; });
  } else {
    box.checked = !box.checked;
    anchor = row;
  }
  show();
}

function show() {
  const form = table();
  const bar = form && one("[data-bulk]", form);
  if (!bar) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const total = Number(one("table", form).getAttribute("aria-rowcount"));
  const everything = one("[data-all]", form).value === "1";
  if (everything && chosen < boxes().length) one("[data-all]", form).value = "";
  const count = one("[data-all]", form).value === "1" ? total : chosen;
  bar.hidden = chosen === 0;
  one("[data-bulk-count]", bar).textContent = text("selected", { count });
  one("[data-pick-everything]", bar).hidden = count === total;
  const head = one("[data-pick-all]", form);
  head.checked = chosen > 0 && chosen === boxes().length;
  head.indeterminate = chosen > 0 && !head.checked;
  announce(text("selected", { count }));
}

on("change", '[data-rows] input[name="ids"]', (_event, box) => { anchor = box.closest("[data-row]"); show(); });
on("click", '[data-rows] input[name="ids"]', (event, box) => {
  if (!event.shiftKey || !anchor) return;
  box.checked = false;
  pick(box.closest("[data-row]"), true);
});
on("change", "[data-pick-all]", (_event, box) => { boxes().forEach((other) => { other.checked = box.checked; }); show(); });
on("click", "[data-pick-none]", () => { boxes().forEach((box) => { box.checked = false; }); one("[data-all]").value = ""; show(); });
on("click", "[data-pick-everything]", () => { boxes().forEach((box) => { box.checked = true; }); one("[data-all]").value = "1"; show(); });
on("focusin", "[data-row]", (_event, row) => {
  all(".is-focus").forEach((other) => { if (other !== row) other.classList.remove("is-focus"); });
  if (row.matches(":has(:focus-visible)")) row.classList.add("is-focus");
});
on("click", "[data-row][data-href]", (event, row) => {
  if (event.target.closest("a, button, input, label, select, textarea, [data-cell]") || String(getSelection())) return;
  focusRow(row);
});
// A table that was moved sideways says so, for the shadow of what stays.
document.addEventListener("scroll", ({ target }) => {
  if (target.classList?.contains("table-box")) target.classList.toggle("is-scrolled", target.scrollLeft !== 0);
}, { capture: true, passive: true });
// Another page, view or order begins at its top; a morph alone would keep the old scroll position.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt?.matches?.(".pager a, .tabs a, thead a")) one("#list .table-box")?.scrollTo({ top: 0 });
});
document.addEventListener("htmx:afterSettle", () => { if (boxes().some((box) => box.checked)) show(); });

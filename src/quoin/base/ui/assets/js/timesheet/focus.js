// The cell that has the focus, and the block that is chosen around it.
import { focusOn } from "./edits.js";
import { state } from "./model.js";
import { build, describe, element, root } from "./paint.js";

export let at = { row: 0, day: 0 };
export let anchor = null;

// A block begins where the focus is, unless it has begun.
export function beginBlock() {
  anchor ??= { ...at };
}

export function focus(row, day, { keep = false, quiet = false } = {}) {
  const next = { row: Math.max(0, Math.min(row, state.rows.length - 1)), day: Math.max(0, Math.min(day, 6)) };
  if (!state.rows.length) return;
  element(at.row, at.day)?.setAttribute("tabindex", "-1");
  if (!keep) anchor = null;
  at = next;
  const box = element(at.row, at.day);
  box.setAttribute("tabindex", "0");
  root.dataset.day = String(at.day);
  focusOn(at.row, at.day);
  describe(at.row, at.day);
  showBlock();
  if (!quiet) box.focus();
  for (const tab of root.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(Number(tab.dataset.tab) === at.day));
}

export function rebuild() {
  build();
  focus(at.row, at.day, { quiet: true });
}

export function block() {
  const from = anchor ?? at;
  const found = [];
  for (let row = Math.min(from.row, at.row); row <= Math.max(from.row, at.row); row += 1)
    for (let day = Math.min(from.day, at.day); day <= Math.max(from.day, at.day); day += 1) found.push({ row, day });
  return found;
}

function showBlock() {
  for (const box of root.querySelectorAll(".is-picked")) { box.classList.remove("is-picked"); box.removeAttribute("aria-selected"); }
  if (!anchor) return;
  for (const { row, day } of block()) { const box = element(row, day); box.classList.add("is-picked"); box.setAttribute("aria-selected", "true"); }
}

// The key map of the whole product. Off while typing, off by choice; a sequence waits one second.
import { all, config, emit, on, one, text } from "./core.js";
import { edit } from "./cell.js";
import * as drawer from "./drawer.js";
import { isOff, showHelp } from "./help.js";
import { openPalette } from "./palette.js";
import * as table from "./table.js";
import { toggleSidebar } from "./theme-switch.js";
import { showChanges, undoLatest } from "./toast.js";

const WAIT = 1000;
let first = "";
let timer = 0;

const isTyping = (target) => target instanceof Element && (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [role="grid"] *, [role="combobox"]'));
const isModal = () => all("dialog[open]").some((dialog) => dialog.id !== "drawer");
const click = (selector, within = document) => {
  const target = one(selector, within);
  if (!target) return false;
  target.click();
  return true;
};

const SEQUENCES = { g: () => config.go, n: () => config.create };

function follow(sequence, key) {
  const target = SEQUENCES[sequence]().find((candidate) => candidate.key === key.toLowerCase());
  if (target) location.assign(target.url);
  return Boolean(target);
}

function openRow() {
  const row = table.current();
  if (!row?.dataset.href || document.activeElement?.matches("a, button, [data-cell]")) return false;
  location.assign(row.dataset.href);
  return true;
}

function peek() {
  if (drawer.isOpen()) { drawer.close(); return true; }
  const row = table.current();
  if (!row?.dataset.href || document.activeElement?.matches('button, input, [data-cell]')) return false;
  drawer.peek(row);
  return true;
}

function editHere() {
  const cell = document.activeElement?.closest("[data-cell]") ?? (table.current() && one("[data-cell]", table.current()));
  if (!cell) return click("[data-edit]");
  edit(cell);
  return true;
}

async function copy(words) {
  await navigator.clipboard?.writeText(words);
  emit("quoin:toast", { text: text("copied"), meaning: "info" });
}

async function copyLink() {
  const link = document.activeElement?.closest(".figure");
  const row = drawer.isOpen() ? null : table.current();
  const url = link?.href ?? (row?.dataset.href ? new URL(row.dataset.href, location.href).href : location.href);
  await copy(url);
  return true;
}

// Where a page has no rows of a list: into its grid, or from one visit of the board to the next.
function enter(step) {
  const cell = one('main [role="grid"] [tabindex="0"], main [role="treegrid"] [tabindex="0"]');
  const things = cell ? [cell] : all("main [data-visit]");
  const at = things.indexOf(document.activeElement);
  things[Math.max(0, Math.min(things.length - 1, at + (at < 0 ? 1 : step)))]?.focus();
  return things.length > 0;
}

const by = (step) => { if (drawer.isOpen()) { drawer.step(step); return true; } return table.move(step) || enter(step); };

const MAP = {
  "?": () => { showHelp(); return true; },
  "/": () => { const field = one("#list-search"); field?.focus(); field?.select(); if (!field) openPalette(); return true; },
  "[": () => { toggleSidebar(); return true; },
  j: () => by(1),
  k: () => by(-1),
  J: () => by(1),
  K: () => by(-1),
  x: () => { table.pick(table.current()); return Boolean(table.current()); },
  X: () => { table.pick(table.current(), true); return Boolean(table.current()); },
  " ": peek,
  Enter: () => (drawer.isOpen() ? document.activeElement?.matches(".drawer-body") && click("[data-drawer-open]") : openRow()),
  o: () => { const row = table.current(); if (row?.dataset.href) location.assign(row.dataset.href); return Boolean(row); },
  e: editHere,
  z: () => { undoLatest(); return true; },
  Z: () => { showChanges(); return true; },
  h: () => click("[data-history]"),
  l: () => { copyLink(); return true; },
  f: () => click("[data-filter-add]"),
  v: () => { one('.toolbar .tab[aria-current], .tabs .tab')?.focus(); return true; },
  ".": () => click("[data-actions]", table.current() ?? document) || click("[data-actions]"),
};

function own(key) {
  const target = one(`[data-key="${CSS.escape(key)}"]`, drawer.isOpen() ? one("#drawer") : document);
  if (!target || target.disabled) return false;
  target.focus();
  target.click();
  return true;
}

function plain(event) {
  // Enter belongs to the link or button that has the focus.
  const isTaken = event.key === "Enter" && event.target.closest?.("a[href], button, summary");
  if (!isTaken && own(event.key)) return true;
  return MAP[event.key]?.(event) ?? false;
}

function sequence(event) {
  clearTimeout(timer);
  if (first) {
    const done = follow(first, event.key) || (event.key === first && own(first));
    first = "";
    return done;
  }
  if (!SEQUENCES[event.key]?.().length) return false;
  first = event.key;
  // The page's own meaning of the key holds once nothing follows, or the key is pressed twice.
  timer = setTimeout(() => { own(first); first = ""; }, WAIT);
  return true;
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping(event.target) || isModal()) return;
  if (event.altKey) {
    const tab = /^[1-9]$/.test(event.key) && all(".toolbar .tabs .tab")[Number(event.key) - 1];
    if (tab) { event.preventDefault(); tab.click(); }
    return;
  }
  if (isOff() && event.key.length === 1 && event.key !== " ") return;
  const arrows = { ArrowDown: 1, ArrowUp: -1 };
  if (arrows[event.key] && event.target.closest?.(table.ROW) && !drawer.isOpen()) { event.preventDefault(); table.move(arrows[event.key]); return; }
  if (sequence(event) || plain(event)) event.preventDefault();
});

on("click", "[data-copy-link]", copyLink);
on("click", "[data-copy]", (_event, button) => { const field = one(button.dataset.copy); field.select(); copy(field.value); });

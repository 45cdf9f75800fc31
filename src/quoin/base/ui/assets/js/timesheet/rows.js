// Rows: adding one by typing, and the menu of a row.
import { change, announce, toast } from "./edits.js";
import { focus, rebuild } from "./focus.js";
import { addRow, label, removeRow, rowSum, say, state } from "./model.js";
import { make, root } from "./paint.js";
import { post } from "./queue.js";

const WAIT = 150;
let hits = [];
let chosen = -1;
let asked = 0;

function box() {
  let list = document.getElementById("ts-hits");
  if (!list) {
    list = make("ul", { id: "ts-hits", class: "ts-hits", role: "listbox", hidden: "" });
    root.querySelector("[data-adder]").append(list);
    list.addEventListener("mousedown", (event) => {
      const hit = event.target.closest("[role=option]");
      if (hit) { event.preventDefault(); take(Number(hit.dataset.hit)); }
    });
  }
  return list;
}

function show(field) {
  const list = box();
  list.hidden = !hits.length && !field.value.trim();
  field.setAttribute("aria-expanded", String(!list.hidden));
  list.replaceChildren(...(hits.length
    ? hits.map((row, number) => make("li", { role: "option", id: `ts-hit-${number}`, "data-hit": number, "aria-selected": String(number === chosen) },
        make("i", { class: `ts-color ts-color-${row.color}`, "aria-hidden": "true" }),
        make("span", {}, make("b", {}, row.task ? `${row.project} · ${row.task}` : row.project), make("small", {}, row.client))))
    : [make("li", { class: "ts-none" }, say("no_hits"))]));
  if (chosen >= 0) { field.setAttribute("aria-activedescendant", `ts-hit-${chosen}`); list.children[chosen]?.scrollIntoView({ block: "nearest" }); }
  else field.removeAttribute("aria-activedescendant");
}

async function search(field) {
  const turn = (asked += 1);
  const url = new URL(state.urls.rows, location.href);
  url.searchParams.set("q", field.value);
  try {
    const found = await post(url, {}, "GET");
    if (turn !== asked) return;
    const shown = new Set(state.rows.map((row) => row.key));
    hits = found.rows.filter((row) => !shown.has(row.key));
  } catch {
    hits = [];
  }
  chosen = hits.length ? 0 : -1;
  show(field);
}

function take(number) {
  const row = hits[number];
  if (!row) return;
  const field = root.querySelector("[data-adder] input");
  const position = addRow({ ...row, cells: [] });
  field.value = "";
  hits = [];
  chosen = -1;
  box().hidden = true;
  // The address keeps the row until it holds time, through a reload.
  const url = new URL(location.href);
  url.searchParams.append("row", row.key);
  history.replaceState(history.state, "", url);
  root.querySelector(".ts-first")?.remove();
  rebuild();
  const today = state.days.findIndex((day) => day.today);
  focus(position, today < 0 ? 0 : today);
  announce(say("row_added", { name: label(row) }));
}

export async function startTimer(row) {
  if (!row) return;
  try {
    await post(state.urls.timer, { row: row.key, next: location.pathname });
    toast(say("timer_started", { name: label(row) }));
    document.body.dispatchEvent(new CustomEvent("timer-changed"));
  } catch (fault) {
    toast(fault.message, "danger");
  }
}

async function pin(number) {
  const row = state.rows[number];
  try {
    await post(state.urls.pin, { row: row.key, pinned: row.pinned ? "0" : "1" });
    row.pinned = !row.pinned;
  } catch (fault) {
    toast(fault.message, "danger");
  }
}

function drop(number) {
  if (rowSum(state.rows[number])) { toast(say("row_has_time"), "warning"); return; }
  if (state.rows[number].pinned) pin(number);
  removeRow(number);
  rebuild();
  focus(Math.min(number, state.rows.length - 1), 0);
}

function openMenu(button) {
  const number = Number(button.dataset.rowMenu);
  const row = state.rows[number];
  document.getElementById("ts-row-menu")?.remove();
  const verbs = [
    [row.pinned ? state.words.unpin : state.words.pin, () => pin(number)],
    [state.words.clock_here, () => startTimer(row)],
    [state.words.clear_row, () => change(state.days.map((_day, day) => ({ row: number, day, minutes: 0 })))],
    [state.words.remove_row, () => drop(number)],
  ];
  const menu = make("div", { class: "menu", id: "ts-row-menu", popover: "auto", role: "menu", "aria-label": label(row) },
    ...verbs.map(([word, run]) => {
      const item = make("button", { type: "button", class: "menu-item", role: "menuitem" }, word);
      item.addEventListener("click", () => { menu.hidePopover(); run(); });
      return item;
    }));
  document.body.append(menu);
  menu.showPopover();
  const near = button.getBoundingClientRect();
  menu.style.insetInlineStart = `${Math.max(8, Math.min(near.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.insetBlockStart = `${Math.min(near.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
  menu.querySelector("button").focus();
  menu.addEventListener("toggle", (event) => { if (event.newState === "closed") { menu.remove(); button.focus(); } });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll("button")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
}

export function start() {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-menu]");
    if (button) openMenu(button);
  });
  root.addEventListener("contextmenu", (event) => {
    const made = event.target.closest("tbody tr");
    const button = made?.querySelector("[data-row-menu]");
    if (button) { event.preventDefault(); openMenu(button); }
  });
  const field = root.querySelector("[data-adder] input");
  if (!field) return;
  let timer = 0;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => search(field), WAIT); });
  field.addEventListener("focus", () => search(field));
  field.addEventListener("blur", () => { box().hidden = true; field.setAttribute("aria-expanded", "false"); });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) { event.preventDefault(); chosen = (chosen + step + hits.length) % hits.length; show(field); }
    else if (event.key === "Enter") { event.preventDefault(); take(chosen); }
    else if (event.key === "Escape") { event.preventDefault(); field.value = ""; focus(0, 0); }
  });
}

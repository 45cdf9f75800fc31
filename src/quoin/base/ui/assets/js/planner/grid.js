// The keyboard's way through the planner, and the menu that has every action of it.
import { book, brush, change, copyTo, putBrushDown } from "./book.js";
import { drop, remove, setFirm, split } from "./change.js";
import { dropMove, resizeBy, startMove, stepBy } from "./ghost.js";
import { announce, arrange, chosen, current, island, one, say, state, text, title, toggle } from "./model.js";
import { go, zoomBy } from "./panels.js";
import { canPut, put } from "./scenario.js";
import { focus, paint, parts, size } from "./view.js";

const menu = one("[data-menu]");
const door = one("[data-door]");

export function open(url, width = "") {
  door.href = url;
  door.dataset.drawer = width;
  door.click();
}

// The drawer gives the focus back to the cell from which it was opened.
document.getElementById("drawer")?.addEventListener("close", () => { if (document.activeElement === door || document.activeElement === document.body) focus(); });

export function openCell() {
  const row = current();
  if (!row) return;
  if (row.kind === "gap") { open(`/requests/${row.gap.id}`, "wide"); return; }
  if (row.kind === "booking") { open(`/bookings/${row.bar.id}`); return; }
  if (row.kind !== "person") return;
  const [first, last] = chosen();
  open(`${island.urls.cell}?person=${row.person.id}&from=${text(state.starts[first])}&until=${text(state.ends[last])}`);
}

function step(rows, columns, isChoosing) {
  if (isChoosing) state.anchor ??= Math.max(state.column, 0);
  else state.anchor = null;
  state.at = Math.max(0, Math.min(state.rows.length - 1, state.at + rows));
  state.column = Math.max(isChoosing ? 0 : -1, Math.min(state.starts.length - 1, state.column + columns));
  focus();
  if (isChoosing) announce(say("selected", { count: chosen()[1] - chosen()[0] + 1 }));
}

function unfold(isOpen) {
  const row = current();
  if (!row?.person) return;
  toggle(row.person, isOpen);
  state.at = state.rows.findIndex((other) => other.key === row.person.id);
  paint();
  focus();
  announce(say(state.open.has(row.person.id) ? "expand" : "collapse", { name: row.person.name }));
}

const pages = () => Math.max(1, Math.floor(size.height / size.row) - 3);
const withBar = (act) => () => { const bar = current()?.bar; if (bar) act(bar); else announce(say("no_booking")); };

const KEYS = {
  ArrowLeft: (event) => step(0, -1, event.shiftKey),
  ArrowRight: (event) => { if (state.column < 0 && current()?.kind === "person" && !state.open.has(current().key)) unfold(true); else step(0, 1, event.shiftKey); },
  ArrowUp: () => step(-1, 0),
  ArrowDown: () => step(1, 0),
  k: () => step(-1, 0),
  j: () => step(1, 0),
  PageUp: () => step(-pages(), 0),
  PageDown: () => step(pages(), 0),
  Home: (event) => { if (event.ctrlKey) state.at = 0; state.column = -1; step(0, 0); },
  End: (event) => { if (event.ctrlKey) state.at = state.rows.length - 1; state.column = state.starts.length - 1; step(0, 0); },
  Enter: () => { if (state.column < 0 && current()?.person) unfold(); else openCell(); },
  " ": () => openCell(),
  w: () => openCell(),
  o: () => openCell(),
  x: () => unfold(),
  b: () => book(),
  B: () => { if (state.brush) putBrushDown(); else withBar(brush)(); },
  m: withBar((bar) => startMove(bar)),
  e: withBar((bar) => change(bar)),
  F2: withBar((bar) => change(bar)),
  c: withBar((bar) => copyTo(bar)),
  ";": withBar((bar) => split(bar, state.column)),
  Delete: withBar(remove),
  t: () => go("today"),
  "+": () => zoomBy(-1),
  "-": () => zoomBy(1),
  ".": () => openMenu(),
  ContextMenu: () => openMenu(),
  Escape: () => { if (state.anchor !== null) { state.anchor = null; focus(); } else if (state.brush) putBrushDown(); },
  "?": () => one("[data-keys-help]").showModal(),
};

const MOVING = {
  ArrowLeft: (event) => (event.shiftKey ? resizeBy(-1) : stepBy(0, -1)),
  ArrowRight: (event) => (event.shiftKey ? resizeBy(1) : stepBy(0, 1)),
  ArrowUp: () => stepBy(-1, 0),
  ArrowDown: () => stepBy(1, 0),
  Enter: dropMove,
  Escape: () => { drop(); announce(say("kept")); },
};

function press(event) {
  if (event.altKey || event.metaKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
  if (!event.target.closest(".pl-row")) return;
  const isDigit = /^[0-9]$/.test(event.key) && !state.moving;
  const act = state.moving ? MOVING[event.key] : isDigit ? () => book({ amount: event.key }) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(event);
}

export function items() {
  const row = current();
  if (!row) return [];
  const { may } = island;
  if (row.kind === "gap") return [["find_candidates", openCell]];
  if (row.kind === "person") return [["open_cell", openCell], may.create && ["book_here", () => book()], ["why", openCell]];
  if (row.kind !== "booking") return [];
  const { bar } = row;
  return [
    ["open_booking", openCell],
    may.edit && ["change", () => change(bar)],
    may.move && ["move", () => startMove(bar)],
    may.copy && ["copy", () => copyTo(bar)],
    may.split && ["split", () => split(bar, state.column)],
    may.firm && [bar.firm ? "make_tentative" : "make_firm", () => setFirm(bar, !bar.firm)],
    may.create && ["use_brush", () => brush(bar)],
    canPut({ do: "delete", bookings: [bar.id] }) && ["scenario_remove", () => put({ do: "delete", bookings: [bar.id] }, `${bar.person.name}: ${bar.project[1]}`)],
    may.delete && ["delete", () => remove(bar)],
  ];
}

export function openMenu(point) {
  const found = items().filter(Boolean);
  if (!found.length) return;
  menu.replaceChildren(...found.map(([name, act]) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "menu-item";
    made.setAttribute("role", "menuitem");
    made.textContent = say(name);
    made.addEventListener("click", () => { menu.hidePopover(); act(); });
    return made;
  }));
  const box = (one("[data-here]", parts.body) ?? parts.scroll).getBoundingClientRect();
  menu.showPopover();
  menu.style.position = "fixed";
  menu.style.inset = "auto";
  menu.style.left = `${Math.min(point?.x ?? box.left, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(point?.y ?? box.bottom, innerHeight - menu.offsetHeight - 8)}px`;
  menu.firstChild.focus();
}

menu.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") { menu.hidePopover(); focus(); event.preventDefault(); }
  if (!by) return;
  event.preventDefault();
  const all = [...menu.children];
  all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
});

export function locate(target) {
  const row = target.closest(".pl-body .pl-row");
  if (!row) return false;
  state.at = Number(row.dataset.at);
  const cell = target.closest(".pl-cell");
  if (cell) state.column = Number(cell.dataset.column);
  else if (target.closest(".pl-name")) state.column = -1;
  return true;
}

export function start() {
  parts.scroll.addEventListener("keydown", press);
  parts.body.addEventListener("contextmenu", (event) => {
    if (!locate(event.target)) return;
    event.preventDefault();
    focus();
    openMenu({ x: event.clientX, y: event.clientY });
  });
  parts.body.addEventListener("click", (event) => {
    if (event.target.closest(".pl-name") && locate(event.target)) {
      if (current()?.kind === "person") unfold();
      else focus();
    }
  });
  parts.head.addEventListener("click", (event) => {
    const column = event.target.closest(".pl-column")?.dataset.column;
    if (column) open(`${island.urls.column}?from=${text(state.starts[column])}&until=${text(state.ends[column])}`, "wide");
  });
  document.addEventListener("quoin:undone", (event) => event.preventDefault());
  for (const dialog of document.querySelectorAll("#planner dialog")) {
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => focus());
  }
  state.column = state.todayColumn;
  arrange();
}
export const describe = () => title(state.column);

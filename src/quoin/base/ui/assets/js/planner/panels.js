// The bar above: span and zoom, unit and order, filters, the search for free time; and news of others' changes.
import { reload } from "./change.js";
import { announce, arrange, island, keep, number, one, say, settings, state, text, view } from "./model.js";
import { focus, paint, parts, show, size } from "./view.js";

const ZOOMS = ["days", "weeks", "months"];
const filter = one("[data-people-filter]");
const find = one("[data-find]");
const chips = one("[data-chips]");

async function look(changes) {
  history.replaceState(history.state, "", view(changes));
  state.windows = null;
  await reload({ keepFocus: false });
  chip();
}

function middle() {
  const column = Math.min(state.starts.length - 1, Math.floor(parts.scroll.scrollLeft / size.column));
  return state.starts[column];
}

export async function zoomBy(by) {
  const to = ZOOMS[ZOOMS.indexOf(state.zoom) + by];
  if (to) await zoom(to);
}

async function zoom(to) {
  const from = middle();
  await look({ zoom: to === "weeks" ? "" : to, from: text(from) });
  for (const button of document.querySelectorAll("#planner [data-zoom]")) button.setAttribute("aria-pressed", String(button.dataset.zoom === to));
  show(0);
  focus();
}

export async function go(where) {
  const { starts } = state;
  const span = starts[starts.length - 1] - starts[0];
  if (where === "today") {
    const today = number(island.today);
    if (today < starts[0] || today > state.ends[starts.length - 1]) await look({ from: "" });
    state.column = state.todayColumn;
    show(Math.max(0, state.todayColumn - 1));
    focus();
    return;
  }
  await look({ from: text(starts[0] + (where === "later" ? 1 : -1) * Math.round(span / 2)) });
}

const field = (name) => filter.elements[name];
const NAMES = ["q", "team", "role", "skill", "level", "certificate", "valid", "language", "place", "free", "free_from", "free_until"];

function chip() {
  const asked = new URL(location.href).searchParams;
  chips.replaceChildren(...NAMES.filter((name) => asked.get(name) && field(name)).map((name) => {
    const made = document.createElement("span");
    made.className = "chip";
    const control = field(name);
    control.value = asked.get(name);
    const label = control.closest("label").firstElementChild.textContent;
    const words = document.createElement("span");
    words.className = "pl-chip";
    words.textContent = `${label}: ${control.selectedOptions?.[0]?.textContent ?? control.value}`;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-ghost btn-icon chip-drop";
    close.textContent = "×";
    close.setAttribute("aria-label", `${words.textContent} ×`);
    close.addEventListener("click", () => { control.value = ""; look({ [name]: "" }); });
    made.append(words, close);
    return made;
  }));
}

// Windows of so many weeks in a row in which somebody has the share of their time left.
function search() {
  const weeks = Math.max(1, Number(find.elements.weeks.value) || 1);
  const least = Math.max(1, Number(find.elements.percent.value) || 1);
  const from = find.elements.from.value ? number(find.elements.from.value) : number(island.today);
  const until = find.elements.until.value ? number(find.elements.until.value) : Infinity;
  const days = weeks * 7;
  const found = new Map();
  for (const person of state.people) {
    const fits = new Set();
    for (let first = 0; first < state.starts.length; first += 1) {
      if (state.starts[first] < from) continue;
      const run = [];
      for (let column = first; column < state.starts.length && state.ends[column] < state.starts[first] + days + (state.zoom === "months" ? 30 : 0); column += 1) run.push(column);
      if (!run.length || state.ends[run.at(-1)] > until || state.ends[run.at(-1)] - state.starts[first] + 1 < days) continue;
      // A day off in the middle is no hindrance on the scale of days; in weeks each one must have the room.
      const isFree = run.every((column) => { const usual = person.workable[column]; return usual ? (person.capacity[column] - person.firm[column] - (settings.tentative ? person.tentative[column] : 0)) * 100 >= usual * least : state.zoom === "days"; });
      if (isFree) run.forEach((column) => fits.add(column));
    }
    if (fits.size) found.set(person.id, [...fits].sort((left, right) => left - right));
  }
  state.windows = found;
  arrange();
  paint();
  announce(say("found", { count: found.size }));
}

export function listen() {
  let waiting = 0;
  const stream = new EventSource(island.live);
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      // Never under somebody's hands: a drag, a move or an open dialog ends first.
      if (state.ghost || state.moving || document.querySelector("dialog[open]")) { again(); return; }
      reload({ keepFocus: root_has_focus() });
    }, 900);
  };
  stream.addEventListener("resourcing.booking", again);
  stream.addEventListener("reload", again);
  addEventListener("pagehide", () => stream.close());
}
const root_has_focus = () => parts.scroll.contains(document.activeElement);

export function start() {
  for (const control of document.querySelectorAll("#planner [data-set]")) {
    const { set } = control.dataset;
    if (control.type === "checkbox") control.checked = settings[set];
    else control.value = settings[set];
    control.addEventListener("change", () => {
      keep({ [set]: control.type === "checkbox" ? control.checked : control.value });
      arrange();
      paint();
    });
  }
  for (const button of document.querySelectorAll("#planner [data-do]")) button.addEventListener("click", () => go(button.dataset.do));
  for (const button of document.querySelectorAll("#planner [data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
  filter.addEventListener("submit", (event) => {
    event.preventDefault();
    filter.hidePopover();
    look(Object.fromEntries(NAMES.filter(field).map((name) => [name, field(name).value])));
  });
  filter.addEventListener("reset", () => { filter.hidePopover(); look(Object.fromEntries(NAMES.map((name) => [name, ""]))); });
  find.addEventListener("submit", (event) => { event.preventDefault(); find.hidePopover(); search(); });
  find.addEventListener("reset", () => { find.hidePopover(); state.windows = null; arrange(); paint(); });
  document.addEventListener("quoin:undone", () => reload());
  chip();
}

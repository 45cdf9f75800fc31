// The plan as the chart knows it: rows in the order of the tree, links, and the dates of a change that is tried out.
import { formed } from "../plural.js";
export const root = document.getElementById("gantt");
export const island = JSON.parse(document.getElementById("gantt-island").textContent);
export const DAY = 1440;
const WORKDAY = 480;

export const say = (name, values = {}) => formed(island.words[name] ?? name, values.count).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole).replaceAll("%%", "%");
export const one = (selector, within = root) => within.querySelector(selector);
export const announce = (text) => document.dispatchEvent(new CustomEvent("quoin:announce", { detail: { text } }));
export const toast = (detail) => document.dispatchEvent(new CustomEvent("quoin:toast", { detail }));

const recalled = (() => { try { return JSON.parse(localStorage.getItem("quoin:gantt")) ?? {}; } catch { return {}; } })();
export const settings = { zoom: "week", critical: true, float: true, people: false, atOnce: false, pane: 0, columns: null, ...recalled };
export function keep(changes) {
  Object.assign(settings, changes);
  try { localStorage.setItem("quoin:gantt", JSON.stringify(settings)); } catch { /* private windows refuse */ }
}

export const state = {
  rows: [], visible: [], place: new Map(), byNumber: new Map(), links: [], outside: [], people: [],
  into: new Map(), from: new Map(), closed: new Set(), picked: new Set(), at: 0, column: 0, tried: null, rowHeight: 32,
  gates: [], gateAt: new Map(), held: {},
};

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
export async function ask(url, body) {
  const headers = { Accept: "application/json" };
  if (body) Object.assign(headers, { "X-CSRFToken": token(), "Content-Type": "application/json" });
  const answer = await fetch(url, { method: body ? "POST" : "GET", credentials: "same-origin", headers, body: body && JSON.stringify(body) });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error([found.errors?.[0]?.detail ?? found.detail ?? say("failed"), found.errors?.[0]?.help].filter(Boolean).join(" "));
  return found;
}

export async function load() {
  const url = island.compare ? `${island.urls.data}?compare=${encodeURIComponent(island.compare)}` : island.urls.data;
  take(await ask(url));
}

export function take(data) {
  const names = Object.keys(data.columns);
  const lists = Object.values(data.columns);
  const count = lists[0].length;
  const rows = new Array(count);
  const numbers = [];
  for (let at = 0; at < count; at += 1) {
    const row = { place: at };
    for (let column = 0; column < names.length; column += 1) row[names[column]] = lists[column][at];
    numbers.length = row.level;
    numbers[row.level - 1] = (numbers[row.level - 1] ?? 0) + 1;
    row.wbs = numbers.join(".");
    rows[at] = row;
  }
  for (let at = 0; at < count; at += 1) rows[at].isPhase = rows[at + 1]?.level > rows[at].level;
  Object.assign(state, { rows, links: data.links, outside: data.outside, people: data.people, tried: null });
  state.byNumber = new Map(rows.map((row) => [row.number, row]));
  state.into = new Map();
  state.from = new Map();
  for (const link of data.links) {
    (state.into.get(link[1]) ?? state.into.set(link[1], []).get(link[1])).push(link);
    (state.from.get(link[0]) ?? state.from.set(link[0], []).get(link[0])).push(link);
  }
  Object.assign(state, { gates: data.gates ?? [], held: data.held ?? {}, gateAt: new Map() });
  for (const gate of state.gates) (state.gateAt.get(gate.row) ?? state.gateAt.set(gate.row, []).get(gate.row)).push(gate);
  for (const number of state.picked) if (!state.byNumber.has(number)) state.picked.delete(number);
  arrange();
}

export function arrange() {
  const visible = [];
  let hidden = Infinity;
  for (const row of state.rows) {
    if (row.level > hidden) continue;
    hidden = state.closed.has(row.number) ? row.level : Infinity;
    visible.push(row);
  }
  state.visible = visible;
  state.place = new Map(visible.map((row, at) => [row.number, at]));
  state.at = Math.max(0, Math.min(state.at, visible.length - 1));
}

export const current = () => state.visible[state.at];
// The chosen rows, or the one with the focus.
export const chosen = () => (state.picked.size ? [...state.picked] : current() ? [current().number] : []);

// Where a row stands now: by the plan, or by the change that is tried out.
export function dates(row) {
  const tried = state.tried?.rows[row.number];
  return tried ? { start: tried[0], finish: tried[1], slack: tried[2], critical: tried[3], moved: true }
    : { start: row.start, finish: row.finish, slack: row.total_float, critical: row.critical, moved: false };
}

const forms = {
  short: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", day: "numeric", month: "short" }),
  long: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" }),
  month: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", month: "long", year: "numeric" }),
  brief: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", month: "short" }),
};
export const moment = (minute) => new Date(minute * 60000);
export const written = (minute, form = "short") => (minute == null ? "" : forms[form].format(moment(minute)));
// Work up to midnight ends on the day before it.
export const lastOf = (minute) => (minute == null ? null : minute % DAY === 0 ? minute - 1 : minute);
export const iso = (minute) => (minute == null ? "" : moment(minute).toISOString().slice(0, 10));

export function span(minutes) {
  if (minutes == null) return "";
  if (minutes % (WORKDAY / 2) === 0) return `${minutes / WORKDAY}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function lag([, , kind, amount, unit]) {
  if (!amount) return kind === "fs" ? "" : kind.toUpperCase();
  const size = unit === "percent" ? `${Math.abs(amount)}%` : unit === "elapsed" ? `${Math.abs(amount) / DAY}ed` : span(Math.abs(amount));
  return `${kind.toUpperCase()}${amount > 0 ? "+" : "-"}${size}`;
}
export const waits = (row) => (state.into.get(row.number) ?? []).map((link) => `${link[0]}${lag(link)}`).join("; ");
export const owners = (row) => row.people.map(([at, percent]) => state.people[at] + (percent === 100 ? "" : ` ${percent}%`)).join("; ");
export const isLate = (row) => row.deadline != null && dates(row).finish > row.deadline;

// So many working minutes after an instant, counting five days a week: how far the dots of a float reach.
export function later(minute, work) {
  let days = Math.ceil(work / WORKDAY);
  let at = minute;
  while (days > 0) {
    at += DAY;
    const day = moment(at).getUTCDay();
    if (day !== 0 && day !== 6) days -= 1;
  }
  return at;
}

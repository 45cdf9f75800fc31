// The planner as its script knows it: people with a number for each column, bars of bookings, demand without a name.
import { formed } from "../plural.js";
export const root = document.getElementById("planner");
export const island = JSON.parse(document.getElementById("planner-island").textContent);

export const say = (name, values = {}) => formed(island.words[name] ?? name, values.count).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole).replaceAll("%%", "%");
export const one = (selector, within = root) => within.querySelector(selector);
export const announce = (text) => document.dispatchEvent(new CustomEvent("quoin:announce", { detail: { text } }));
export const toast = (detail) => document.dispatchEvent(new CustomEvent("quoin:toast", { detail }));

const recalled = (() => { try { return JSON.parse(localStorage.getItem("quoin:planner")) ?? {}; } catch { return {}; } })();
export const settings = { unit: "percent", tentative: true, sort: "team", open: [], ...recalled };
export function keep(changes) {
  Object.assign(settings, changes);
  try { localStorage.setItem("quoin:planner", JSON.stringify(settings)); } catch { /* private windows refuse */ }
}

// `at` and `column` are where the keyboard stands, `anchor` where a choice of columns began; column -1 is the name.
export const state = {
  starts: [], ends: [], full: [], people: [], bookings: [], gaps: [], projects: [], rows: [], totals: [],
  at: 0, column: 0, anchor: null, open: new Set(settings.open), brush: null, ghost: null, moving: null, windows: null, todayColumn: 0,
};

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
export async function ask(url, body) {
  const headers = { Accept: "application/json" };
  if (body) Object.assign(headers, { "X-CSRFToken": token(), "Content-Type": "application/json" });
  const answer = await fetch(url, { method: body ? "POST" : "GET", credentials: "same-origin", headers, body: body && JSON.stringify(body) });
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  const fault = new Error([found.detail ?? found.errors?.[0]?.detail ?? say("failed"), found.errors?.[0]?.help].filter(Boolean).join(" "));
  throw Object.assign(fault, { code: found.code, problems: found.errors ?? [] });
}

// The view is in the address: it can be shared and survives a reload.
export function view(changes = {}) {
  const url = new URL(location.href);
  url.searchParams.delete("grid");
  url.searchParams.delete("peek");
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

let turn = 0;
export async function load() {
  const mine = (turn += 1);
  const found = await ask(`${island.urls.data}${view().search}`);
  if (mine === turn) take(found);
  return mine === turn;
}

const DAY = 86400000;
export const number = (text) => Date.parse(`${text}T00:00Z`) / DAY;
export const text = (day) => new Date(day * DAY).toISOString().slice(0, 10);
export const weekdays = (from, until) => {
  let count = 0;
  for (let day = from; day <= until; day += 1) { const on = (day + 3) % 7; if (on < 5) count += 1; }
  return count;
};

export function take(data) {
  const starts = data.starts.map(number);
  const last = number(data.last);
  Object.assign(state, { zoom: data.zoom, starts, ends: starts.map((_, at) => (starts[at + 1] ?? last + 1) - 1), full: data.full, projects: data.projects });
  state.people = data.people.map((person) => ({ ...person, bookings: [] }));
  state.bookings = data.bookings.map(([id, person, project, from, until, effort, amount, firm, note, minutes]) => {
    const made = { id, person: state.people[person], project: data.projects[project], color: project % 8, from: number(from), until: number(until), effort, amount, firm: Boolean(firm), note, first: minutes[0] ?? 0, minutes: minutes.slice(1) };
    made.person.bookings.push(made);
    return made;
  });
  state.gaps = data.gaps.map(([id, project, no, title, from, until, priority, status, minutes]) => ({ id, project: data.projects[project], number: no, title, from: number(from), until: number(until), priority, status, first: minutes[0] ?? 0, minutes: minutes.slice(1) }));
  const today = number(island.today);
  state.todayColumn = Math.max(0, starts.findIndex((start, at) => start <= today && today <= state.ends[at]));
  const sum = (name) => starts.map((_, at) => state.people.reduce((total, person) => total + person[name][at], 0));
  state.totals = { capacity: sum("capacity"), firm: sum("firm"), tentative: sum("tentative"), workable: sum("workable") };
  arrange();
}

const percentOf = (part, whole) => (whole > 0 ? Math.round((part * 100) / whole) : part > 0 ? 999 : null);
export const minutesIn = (bar, column) => bar.minutes[column - bar.first] ?? 0;

// What a cell holds, with the change that is tried out.
export function cell(person, column) {
  const found = { capacity: person.capacity[column], workable: person.workable[column], firm: person.firm[column], tentative: settings.tentative ? person.tentative[column] : 0, tried: false };
  const ghost = state.ghost;
  if (ghost) {
    const name = ghost.firm ? "firm" : "tentative";
    const less = ghost.from === person ? minutesIn(ghost.bar, column) : 0;
    const more = ghost.person === person ? (ghost.minutes.get(column) ?? 0) : 0;
    if (less || more) { found[name] += more - less; found.tried = ghost.person === person; }
  }
  found.percent = percentOf(found.firm + found.tentative, found.capacity);
  return found;
}

export function mean(person) {
  const sum = (list) => list.reduce((total, value) => total + value, 0);
  return percentOf(sum(person.firm), sum(person.capacity));
}

const trouble = (person) => person.capacity.reduce((total, capacity, at) => total + Math.max(person.firm[at] + person.tentative[at] - capacity, 0), 0);
const free = (person) => person.capacity.reduce((total, capacity, at) => total + Math.max(capacity - person.firm[at], 0), 0);
const ORDERS = {
  team: () => 0,
  name: (left, right) => left.name.localeCompare(right.name),
  trouble: (left, right) => trouble(right) - trouble(left),
  free: (left, right) => free(right) - free(left),
};

// The rows from the top: people, the bookings of those that are open, then demand.
export function arrange() {
  const here = state.rows[state.at];
  const found = state.windows;
  let people = [...state.people].sort(ORDERS[settings.sort] ?? ORDERS.team);
  if (found) people = people.filter((person) => found.has(person.id)).sort((left, right) => found.get(right.id).length - found.get(left.id).length);
  const rows = [];
  for (const person of people) {
    rows.push({ kind: "person", key: person.id, person });
    if (state.open.has(person.id)) for (const bar of person.bookings) rows.push({ kind: "booking", key: bar.id, person, bar });
  }
  if (state.gaps.length) {
    rows.push({ kind: "title", key: "title" });
    for (const gap of state.gaps) rows.push({ kind: "gap", key: gap.id, gap });
  }
  state.rows = rows;
  const again = here ? rows.findIndex((row) => row.key === here.key) : -1;
  state.at = Math.min(again < 0 ? state.at : again, Math.max(rows.length - 1, 0));
  state.column = Math.min(state.column, state.starts.length - 1);
}

export function toggle(person, open = !state.open.has(person.id)) {
  if (open) state.open.add(person.id);
  else state.open.delete(person.id);
  keep({ open: [...state.open].slice(-40) });
  arrange();
}

export const current = () => state.rows[state.at];
export const chosen = () => {
  const anchor = state.anchor ?? state.column;
  return [Math.max(0, Math.min(anchor, state.column)), Math.max(anchor, state.column)];
};

const forms = {
  day: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", day: "numeric", month: "short" }),
  head: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", weekday: "narrow", day: "numeric" }),
  month: new Intl.DateTimeFormat(island.locale, { timeZone: "UTC", month: "short", year: "2-digit" }),
};
export const written = (day, form = "day") => forms[form].format(new Date(day * DAY));
export function week(day) {
  const thursday = day - ((day + 3) % 7) + 3;
  const first = number(`${new Date(thursday * DAY).getUTCFullYear()}-01-01`);
  return Math.floor((thursday - first) / 7) + 1;
}
export function title(column) {
  const start = state.starts[column];
  if (state.zoom === "months") return written(start, "month");
  return state.zoom === "weeks" ? say("week", { number: week(start) }) : written(start);
}
const plain = new Intl.NumberFormat(island.locale, { maximumFractionDigits: 1 });
export const hours = (minutes) => plain.format(minutes / 60);
export function shown(found, column) {
  const booked = found.firm + found.tentative;
  if (settings.unit === "hours") return booked ? hours(booked) : "·";
  if (settings.unit === "free") return found.capacity - booked > 0 ? hours(found.capacity - booked) : "–";
  if (settings.unit === "fte") return booked ? plain.format(booked / (state.full[column] || 2400)) : "·";
  return found.percent === null ? "" : found.percent === 0 ? "·" : String(found.percent);
}
export const effortOf = (bar) => (bar.effort === "percent" ? `${bar.amount} %` : say(bar.effort, { hours: hours(bar.amount) }));

// Minutes that an effort takes of a person, column by column: exact for whole weeks, near for parts of them.
export function spread({ effort, amount, from, until }, person) {
  const found = new Map();
  const parts = [];
  for (let column = 0; column < state.starts.length; column += 1) {
    const begin = Math.max(from, state.starts[column]);
    const end = Math.min(until, state.ends[column]);
    if (begin > end || !person.capacity[column]) continue;
    const whole = weekdays(state.starts[column], state.ends[column]) || 1;
    const days = weekdays(begin, end);
    parts.push([column, person.capacity[column] * Math.min(days / whole, 1), days]);
  }
  const room = parts.reduce((total, part) => total + part[1], 0) || 1;
  for (const [column, capacity, days] of parts) {
    const minutes = effort === "percent" ? (capacity * amount) / 100 : effort === "per_day" ? amount * days : (amount * capacity) / room;
    found.set(column, Math.round(minutes));
  }
  return found;
}

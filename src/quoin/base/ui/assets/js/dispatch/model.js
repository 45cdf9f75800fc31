// What the board knows. Times are local: a day and a minute of it, as the server wrote them.
import { formed } from "../plural.js";
export const state = JSON.parse(document.getElementById("dispatch-state").textContent);
export const FIRST = 6 * 60;
export const LAST = 20 * 60;
export const STEP = 15;
export const SPAN = LAST - FIRST;
export const word = (name, values = {}) => formed(state.words[name] ?? name, values.count).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
export const visitOf = (id) => state.visits.find((visit) => visit.id === id);
export const rowOf = (id) => state.rows.find((row) => row.id === id);
export const dayNumber = (on) => state.days.findIndex((day) => day.on === on);
export const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
export const width = () => state.days.length * SPAN;

// Where a minute of a day lies on the track, as a share of its whole width; what lies outside the hours sticks to the edge.
export const share = (day, minute) => (day * SPAN + Math.min(SPAN, Math.max(0, minute - FIRST))) / width();

export function momentAt(part) {
  const at = Math.min(width() - STEP, Math.max(0, Math.round((part * width()) / STEP) * STEP));
  const day = Math.floor(at / SPAN);
  return { on: state.days[day].on, minute: FIRST + (at - day * SPAN) };
}

export const isFree = (visit) => visit.status === "draft" || visit.status === "published";
export const worst = (visit) => (visit.against.some((one) => one.hard) ? "hard" : visit.against.length ? "soft" : "");
export const wish = (visit, values = {}) => {
  const { id, version, on, minute, lasts, crew, equipment } = { ...visit, ...values };
  return { visit: id, version, on, minute, lasts, crew, equipment };
};

// A visit put on a row: on a person's it takes the place of the one it was dragged from, equipment is added.
export function onRow(visit, row, from = null) {
  if (row.kind === "equipment") return { equipment: [...new Set([...visit.equipment.filter((id) => id !== from), row.id])] };
  if (visit.crew.includes(row.id)) return {};
  return { crew: from && visit.crew.includes(from) ? visit.crew.map((id) => (id === from ? row.id : id)) : [...visit.crew, row.id] };
}

// A day that the board does not show is written as those that it shows.
const outside = new Intl.DateTimeFormat(document.documentElement.lang || "en", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
export const dayName = (on) => state.days.find((one) => one.on === on)?.name ?? outside.format(new Date(on));

// Drawing the board. Everything is drawn anew after a change; the focus stays on the visit it was on.
import { clock, dayNumber, FIRST, isFree, LAST, share, state, width, word, worst } from "./model.js";

const board = document.querySelector("[data-board]");
const tray = document.querySelector("[data-tray]");
const HOUR_STEP = { 1: 60, 3: 120, 7: 240 };
const PIXELS = { 1: 42, 3: 30, 7: 18 };

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  made.append(...children);
  return made;
}

const part = (value) => `${(value * 100).toFixed(4)}%`;
export function lay(node, from, to) {
  node.style.insetInlineStart = part(from);
  node.style.inlineSize = part(Math.max(to - from, 0.004));
}

export function paint(focus = document.activeElement?.dataset?.visit, row = document.activeElement?.dataset?.row) {
  const days = state.days.length;
  board.style.setProperty("--dp-width", `${176 + (width() / 60) * (PIXELS[days] ?? 24)}px`);
  board.replaceChildren(head(days), ...state.rows.map((one) => line(one, days)));
  const waiting = state.visits.filter((visit) => !visit.on);
  tray.replaceChildren(...(waiting.length ? waiting.map(card) : [element("p", { class: "help" }, word("tray_empty"))]));
  if (!focus) return;
  const again = document.querySelector(`[data-visit="${focus}"][data-row="${row ?? ""}"]`) ?? document.querySelector(`[data-visit="${focus}"]`);
  again?.focus({ preventScroll: true });
}

function head(days) {
  const hours = element("div", { class: "dp-hours" });
  state.days.forEach((day, number) => {
    const name = element("b", { class: day.today ? "is-today" : "" }, day.name);
    name.style.insetInlineStart = part(share(number, FIRST));
    hours.append(name);
    for (let minute = FIRST + (HOUR_STEP[days] ?? 120); minute < LAST; minute += HOUR_STEP[days] ?? 120) {
      const mark = element("span", {}, String(minute / 60));
      mark.style.insetInlineStart = part(share(number, minute));
      hours.append(mark);
    }
  });
  return element("div", { class: "dp-head" }, element("div", { class: "dp-name" }), hours);
}

function line(row, days) {
  const track = element("div", { class: "dp-track", "data-track": row.id });
  state.days.forEach((day, number) => {
    for (let minute = FIRST; minute < LAST; minute += HOUR_STEP[days] ?? 120) {
      const mark = element("i", { class: `dp-line${minute === FIRST ? " is-day" : ""}` });
      mark.style.insetInlineStart = part(share(number, minute));
      track.append(mark);
    }
    if (row.away.includes(day.on)) {
      const away = element("span", { class: "dp-away hatch" }, word("away"));
      lay(away, number / days, (number + 1) / days);
      track.append(away);
    }
  });
  const mine = state.visits.filter((visit) => visit.on && (visit.crew.includes(row.id) || visit.equipment.includes(row.id)));
  for (const visit of mine) track.append(...block(visit, row));
  const name = element("div", { class: "dp-name" }, element("b", {}, row.name), element("small", {}, row.detail || ""));
  if (row.kind === "person" && state.may.plan && mine.filter((visit) => visit.status === "draft").length > 1) {
    name.append(element("button", { type: "button", class: "btn btn-ghost", "data-order": row.id }, word("order")));
  }
  return element("div", { class: `dp-row is-${row.kind}`, "data-row-of": row.id }, name, track);
}

// Where the work begins and ends on the track; a visit over night ends on a later day.
function ends(visit) {
  const day = Math.max(0, dayNumber(visit.on));
  const last = visit.minute + visit.lasts;
  return [share(day, visit.minute), last > 24 * 60 ? share(day + Math.floor(last / 1440), last % 1440) : share(day, last)];
}

function block(visit, row) {
  const [from, to] = ends(visit);
  const classes = ["dp-block", `is-${visit.status}`, worst(visit) && `is-${worst(visit)}`].filter(Boolean).join(" ");
  const reasons = visit.against.map((one) => one.text).join(" ");
  const mark = worst(visit) === "hard" ? "✕ " : worst(visit) ? "! " : "";
  // It begins with what is written on the block, so that whoever speaks to the screen may say what they see.
  const label = `${mark}${visit.title} ${clock(visit.minute)} ${visit.site} – ${clock((visit.minute + visit.lasts) % 1440)}, ${row.name}, ${visit.word}. ${reasons}`;
  const made = element(
    "button", { type: "button", class: classes, "data-visit": visit.id, "data-row": row.id, "aria-label": label, "aria-haspopup": "dialog", "aria-keyshortcuts": "m p w" },
    element("b", {}, `${mark}${visit.title}`), " ", element("span", {}, `${clock(visit.minute)} ${visit.site}`),
  );
  lay(made, from, to);
  if (isFree(visit) && state.may.plan) made.append(element("span", { class: "dp-grip", "data-grip": true }));
  const found = [made];
  const way = visit.travel / width();
  if (visit.travel && row.kind === "person") {
    for (const [kind, start, end] of [["before", from - way, from], ["after", to, to + way]]) {
      const wedge = element("i", { class: `dp-wedge is-${kind}` });
      lay(wedge, Math.max(0, start), Math.min(1, end));
      found.push(wedge);
    }
  }
  return found;
}

function card(visit) {
  const lines = [visit.site, visit.window, visit.certificate && word("certificate", { name: visit.certificate })].filter(Boolean);
  return element(
    "button", { type: "button", class: "dp-card", "data-visit": visit.id, "data-row": "", "aria-haspopup": "dialog", "aria-keyshortcuts": "m w" },
    element("b", {}, visit.title), ...lines.map((text) => element("small", {}, text)), element("small", {}, `${clock(visit.lasts)} · ${visit.size} ×`),
  );
}

export function why(against, state_ = "") {
  const place = document.querySelector("[data-why]");
  const hard = against.some((one) => one.hard);
  place.className = `dp-why${against.length ? (hard ? " is-hard" : " is-soft") : ""}`;
  place.textContent = state_ + (against.length ? against.map((one) => one.text).join(" ") : state_ ? "" : word("fine"));
}


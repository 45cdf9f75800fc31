// Bars, marks and links of some rows, as SVG text. Reads the model, touches no page.
import { dates, isLate, island, later, owners, say, settings, state } from "./model.js";
import { x } from "./scale.js";

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const LEAST = 3;

export function bars(first, last) {
  const height = state.rowHeight;
  const parts = [];
  for (let at = first; at < last; at += 1) {
    const row = state.visible[at];
    if (row) parts.push(`<g class="g-row" data-n="${row.number}">${shape(row, at * height, height)}</g>`);
  }
  return parts.join("");
}

function shape(row, top, height) {
  const now = dates(row);
  const parts = [];
  if (row.was_start != null) {
    const y = top + height - 5;
    parts.push(row.was_finish > row.was_start
      ? `<line class="g-was" x1="${x(row.was_start)}" x2="${Math.max(x(row.was_finish), x(row.was_start) + LEAST)}" y1="${y}" y2="${y}"/>`
      : `<path class="g-was-stone" d="M${x(row.was_start)} ${y - 5}l5 5-5 5-5-5z"/>`);
  }
  if (now.start == null) return parts.join("");
  const left = x(now.start);
  const right = Math.max(x(now.finish), left + LEAST);
  const mid = top + height / 2;
  const isCritical = settings.critical && now.critical && row.status !== "done";
  if (settings.float && now.slack > 0 && !row.isPhase) {
    parts.push(`<line class="g-float" x1="${right}" x2="${x(later(now.finish, Math.min(now.slack, 120 * 480)))}" y1="${mid}" y2="${mid}"/>`);
  }
  const classes = `g-thing${isCritical ? " is-critical" : ""}${now.moved ? " is-tried" : ""}${row.status === "done" || row.percent === 100 ? " is-done" : ""}${row.manual ? " is-pinned" : ""}`;
  parts.push(`<g class="${classes}" data-thing="${row.number}">${body(row, left, right, mid)}</g>`);
  parts.push(flag(row, top, height), gates(row, left, mid));
  const text = row.kind === "milestone" || row.kind === "deliverable" || island.isTimeline ? row.name : owners(row);
  if (text) parts.push(`<text class="g-label" x="${right + (row.kind === "milestone" ? 12 : 18)}" y="${mid + 4}">${escape(text.length > 60 ? `${text.slice(0, 58)}…` : text)}</text>`);
  return parts.join("");
}

function body(row, left, right, mid) {
  if (row.isPhase && !island.isTimeline) {
    const edge = Math.min(6, (right - left) / 2);
    return `<path class="g-phase" d="M${left} ${mid - 6}H${right}V${mid + 5}L${right - edge} ${mid}H${left + edge}L${left} ${mid + 5}Z"/>`;
  }
  if (row.kind === "milestone") return `<path class="g-stone" d="M${left} ${mid - 8}l8 8-8 8-8-8z"/>`;
  const wide = right - left;
  const parts = [`<rect class="g-bar" x="${left}" y="${mid - 8}" width="${wide}" height="16" rx="2"/>`];
  if (row.kind === "deliverable") parts.push(`<path class="g-box" d="M${right - 7} ${mid - 8}h14v16h-14z"/>${row.signed_by ? `<path class="g-tick-mark" d="M${right - 4} ${mid}l3 4 5-8"/>` : ""}`);
  if (row.percent) parts.push(`<rect class="g-done" x="${left}" y="${mid - 4}" width="${(wide * row.percent) / 100}" height="8"/>`);
  parts.push(`<line class="g-edge" x1="${left}" x2="${right}" y1="${mid - 8}" y2="${mid - 8}"/>`);
  if (island.mayChange) {
    parts.push(`<rect class="g-end" data-part="end" x="${right - Math.min(6, wide / 3)}" y="${mid - 10}" width="${Math.min(6, wide / 3) + 3}" height="20"/>`);
    parts.push(`<circle class="g-dot" data-part="dot" cx="${right + 9}" cy="${mid}" r="5"/>`);
  }
  return parts.join("");
}

// A gate stands before its phase: a hollow diamond with a bar in it, so that nobody takes it for a milestone.
function gates(row, left, mid) {
  return (state.gateAt.get(row.number) ?? []).map((gate, at) => {
    const middle = left - 16 - at * 22;
    const told = [`${gate.name} · ${gate.status}`, say("gate_met", gate), ...gate.missing].join("\n");
    return `<g class="g-gate is-${gate.meaning}" data-gate="${row.number}"><title>${escape(told)}</title><path class="g-gate-edge" d="M${middle} ${mid - 9}l9 9-9 9-9-9z"/><path class="g-gate-bar" d="M${middle} ${mid - 4}v8"/></g>`;
  }).join("");
}

function flag(row, top, height) {
  if (row.deadline == null) return "";
  const at = x(row.deadline);
  return `<path class="g-flag${isLate(row) ? " is-late" : ""}" d="M${at} ${top + height - 4}V${top + 5}h9l-3 4 3 4h-9"/>`;
}

// Links that begin or end in these rows.
export function links(first, last) {
  const parts = [];
  const seen = new Set();
  for (let at = first; at < last; at += 1) {
    const row = state.visible[at];
    if (!row) continue;
    for (const list of [state.into.get(row.number), state.from.get(row.number)]) {
      for (const link of list ?? []) {
        if (seen.has(link)) continue;
        seen.add(link);
        parts.push(arrow(link));
      }
    }
  }
  return parts.join("");
}

function arrow(link) {
  const [before, after, kind] = link;
  const [one, other] = [state.place.get(before), state.place.get(after)];
  if (one === undefined || other === undefined) return "";
  const [from, to] = [dates(state.visible[one]), dates(state.visible[other])];
  if (from.start == null || to.start == null) return "";
  const height = state.rowHeight;
  const x1 = x(kind[0] === "f" ? from.finish : from.start);
  const x2 = x(kind[1] === "s" ? to.start : to.finish);
  const y1 = one * height + height / 2;
  const y2 = other * height + height / 2;
  const down = y2 > y1 ? 1 : -1;
  const out = kind[0] === "f" ? 8 : -8;
  const back = kind[1] === "s" ? -8 : 8;
  const isStraight = kind === "fs" && x2 >= x1 + 14;
  const stop = isStraight && state.visible[other].kind !== "milestone" ? 8 : 0;
  const path = isStraight
    ? `M${x1} ${y1}H${x2 + (stop ? 4 : -12)}V${y2 - down * stop}${stop ? "" : `H${x2 - 8}`}`
    : `M${x1} ${y1}h${out}V${y2 - (down * height) / 2}H${x2 + back}V${y2}H${x2}`;
  const isCritical = settings.critical && from.critical && to.critical;
  const ends = `data-before="${before}" data-after="${after}" data-kind="${kind}"`;
  return `<g class="g-link${isCritical ? " is-critical" : ""}" ${ends}><path class="g-grip" d="${path}"/><path class="g-line" d="${path}" marker-end="url(#g-tip)"/></g>`;
}

export function now(top, bottom) {
  const at = x(island.today);
  return `<line class="g-now" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>`;
}


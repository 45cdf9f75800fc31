// The axis of time: minutes to pixels, and what is written above the bars.
import { DAY, island, moment, say, settings, state, written } from "./model.js";

export const ZOOMS = { day: 36, week: 14, month: 5, quarter: 1.8 };
export const scale = { origin: 0, end: 0, perDay: 14 };
const MARGIN = 14;

export function fitRange() {
  let first = island.today;
  let last = island.today + 30 * DAY;
  for (const row of state.rows) {
    for (const at of [row.start, row.was_start]) if (at != null && at < first) first = at;
    for (const at of [row.finish, row.was_finish, row.deadline]) if (at != null && at > last) last = at;
  }
  const monday = Math.floor(first / DAY) - ((moment(first).getUTCDay() + 6) % 7);
  scale.origin = (monday - MARGIN) * DAY;
  scale.end = (Math.ceil(last / DAY) + 3 * MARGIN) * DAY;
  scale.perDay = settings.perDay ?? ZOOMS[settings.zoom] ?? ZOOMS.week;
}

export const x = (minute) => ((minute - scale.origin) / DAY) * scale.perDay;
export const minuteAt = (pixel) => scale.origin + (pixel / scale.perDay) * DAY;
export const width = () => x(scale.end);

function* starts(from, until, step) {
  const day = moment(from);
  if (step === "week") {
    let at = Math.floor(from / DAY) * DAY - ((day.getUTCDay() + 6) % 7) * DAY;
    for (; at < until; at += 7 * DAY) yield at;
    return;
  }
  if (step === "day") {
    for (let at = Math.floor(from / DAY) * DAY; at < until; at += DAY) yield at;
    return;
  }
  const months = step === "quarter" ? 3 : step === "year" ? 12 : 1;
  let month = Math.floor(day.getUTCMonth() / months) * months;
  for (;;) {
    const at = Date.UTC(day.getUTCFullYear(), month, 1) / 60000;
    if (at >= until) return;
    yield at;
    month += months;
  }
}

function weekOf(minute) {
  const day = moment(minute + 3 * DAY);
  const first = Date.UTC(day.getUTCFullYear(), 0, 4) / 60000;
  return 1 + Math.floor((minute + 3 * DAY - (first - ((moment(first).getUTCDay() + 6) % 7) * DAY)) / (7 * DAY));
}

const label = {
  day: (at) => String(moment(at).getUTCDate()),
  week: (at) => (scale.perDay >= 12 ? `${say("week")}${weekOf(at)} · ${written(at)}` : `${say("week")}${weekOf(at)}`),
  month: (at) => (scale.perDay >= 3 ? written(at, "month") : written(at, "brief")),
  quarter: (at) => `${say("quarter")}${Math.floor(moment(at).getUTCMonth() / 3) + 1} ${moment(at).getUTCFullYear()}`,
  year: (at) => String(moment(at).getUTCFullYear()),
};

export const tiers = () => (scale.perDay >= 22 ? ["month", "day"] : scale.perDay >= 6 ? ["month", "week"] : scale.perDay >= 2.4 ? ["quarter", "month"] : ["year", "quarter"]);

// The head of the chart between two pixels, as SVG.
export function axis(left, right) {
  const [from, until] = [minuteAt(left), minuteAt(right)];
  const parts = [];
  tiers().forEach((step, tier) => {
    for (const at of starts(from, until, step)) {
      parts.push(`<line class="g-tick" x1="${x(at)}" x2="${x(at)}" y1="${tier * 20}" y2="${tier * 20 + 20}"/>`);
      parts.push(`<text class="g-head" x="${Math.max(x(at), tier ? 0 : left) + 4}" y="${tier * 20 + 14}">${label[step](at)}</text>`);
    }
  });
  return parts.join("");
}

// Lines and weekends behind the bars.
export function ground(left, right, top, bottom) {
  const [from, until] = [minuteAt(left), minuteAt(right)];
  const parts = [];
  if (scale.perDay >= 5) {
    for (const at of starts(from, until, "week")) parts.push(`<rect class="g-rest" x="${x(at + 5 * DAY)}" y="${top}" width="${2 * scale.perDay}" height="${bottom - top}"/>`);
  }
  for (const at of starts(from, until, tiers()[scale.perDay >= 22 ? 0 : 1])) parts.push(`<line class="g-tick" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}"/>`);
  return parts.join("");
}

// Minutes from what people type, and back. The same grammar as the server's kernel: a bare number is always hours.
const CLOCK = /^(\d{1,3})(?::|h)(\d{1,2})$/;
const HOURS = /^(\d{1,4})?(?:[.,](\d{1,4}))?\s*h?$/;
const MINUTES = /^(\d{1,5})\s*m(?:in)?$/;
const RANGE = /^(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?$/;
export const DAY = 1440;

// { minutes, relative } or null.
export function parse(text) {
  const typed = text.trim().toLowerCase().replace("−", "-");
  if (!typed) return null;
  if (typed[0] === "+" || typed[0] === "-") {
    const minutes = absolute(typed.slice(1).trim());
    return minutes === null ? null : { minutes: typed[0] === "-" ? -minutes : minutes, relative: true };
  }
  const minutes = absolute(typed);
  return minutes === null ? null : { minutes, relative: false };
}

function absolute(typed) {
  let found = RANGE.exec(typed);
  if (found) return range(found);
  found = CLOCK.exec(typed);
  if (found) return Number(found[2]) > 59 ? null : Number(found[1]) * 60 + Number(found[2]);
  found = MINUTES.exec(typed);
  if (found) return Number(found[1]);
  found = HOURS.exec(typed);
  if (!found || (!found[1] && !found[2])) return null;
  // Whole numbers only: hundredths of an hour times 60 would carry a binary fraction.
  const decimals = found[2] ?? "";
  const scale = 10 ** decimals.length;
  return Number(found[1] ?? 0) * 60 + Math.floor((Number(decimals || 0) * 60 * 2 + scale) / (2 * scale));
}

function range(found) {
  const start = Number(found[1]) * 60 + Number(found[2] ?? 0);
  const end = Number(found[3]) * 60 + Number(found[4] ?? 0);
  if (start >= DAY || end > DAY || Number(found[2] ?? 0) > 59 || Number(found[4] ?? 0) > 59) return null;
  return end >= start ? end - start : end + DAY - start;
}

export function clock(minutes) {
  const all = Math.abs(minutes);
  return `${minutes < 0 ? "−" : ""}${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

export const dash = (minutes) => (minutes ? clock(minutes) : "–");

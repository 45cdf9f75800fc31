// The ghost of a booking that is being moved or resized: keys and pointer change the same one, and one drop sends it.
import { drop, send } from "./change.js";
import { announce, cell, island, minutesIn, say, spread, state, text, toggle, written } from "./model.js";
import { retry } from "./view.js";

// A ghost: the booking as it would stand. `person` and `from` are whom it goes to and whom it leaves.
export function haunt(bar, person, from_on, until_on, isCopy = false) {
  const minutes = from_on - bar.from === until_on - bar.until && person === bar.person && from_on === bar.from
    ? new Map(state.starts.map((_, column) => [column, minutesIn(bar, column)]))
    : spread({ effort: bar.effort, amount: bar.amount, from: from_on, until: until_on }, person);
  state.ghost = { bar, firm: bar.firm, from: isCopy ? null : bar.person, person, from_on, until_on, minutes, isCopy };
  retry();
}

function worst(ghost) {
  let most = 0;
  for (const [column, minutes] of ghost.minutes) if (minutes) most = Math.max(most, cell(ghost.person, column).percent ?? 0);
  return most;
}
export const told = () => {
  const { ghost } = state;
  return say("target", { name: ghost.person.name, first: written(ghost.from_on), last: written(ghost.until_on), percent: worst(ghost) });
};

export function startMove(bar) {
  if (!island.may.move) return;
  state.moving = { bar };
  haunt(bar, bar.person, bar.from, bar.until);
  announce(say("moving"));
}

const people = () => state.rows.filter((row) => row.kind === "person").map((row) => row.person);
const columnOf = (day) => state.starts.findIndex((start, at) => start <= day && day <= state.ends[at]);
export function shifted(day, by) {
  const at = columnOf(day);
  if (at < 0) return day + by * 7;
  const to = at + by;
  const last = state.starts.length - 1;
  const start = to < 0 || to > last ? state.starts[at] + by * (state.ends[at] - state.starts[at] + 1) : state.starts[to];
  return day + start - state.starts[at];
}

export function stepBy(rows, columns) {
  const { ghost } = state;
  const all = people();
  const person = all[Math.max(0, Math.min(all.length - 1, all.indexOf(ghost.person) + rows))];
  const from_on = columns ? shifted(ghost.from_on, columns) : ghost.from_on;
  haunt(ghost.bar, person, from_on, ghost.until_on + from_on - ghost.from_on, ghost.isCopy);
  announce(told());
}

export function resizeBy(columns) {
  const { ghost } = state;
  const until_on = Math.max(ghost.from_on, shifted(ghost.until_on, columns));
  haunt(ghost.bar, ghost.person, ghost.from_on, until_on);
  announce(told());
}

export function dropMove() {
  const { ghost } = state;
  const { bar } = ghost;
  const days = ghost.from_on - bar.from;
  const isResized = ghost.until_on - ghost.from_on !== bar.until - bar.from;
  const isOther = ghost.person !== bar.person;
  if (!days && !isResized && !isOther) { drop(); return; }
  state.moving = null;
  if (ghost.isCopy) { send({ do: "copy", booking: bar.id, person: ghost.person.id, from: text(ghost.from_on) }); return; }
  if (isOther) toggle(ghost.person, true);
  if (!isResized) { send({ do: "move", bookings: [bar.id], days, person: isOther ? ghost.person.id : undefined }); return; }
  send({ do: "edit", booking: bar.id, from: text(ghost.from_on), until: text(ghost.until_on) });
}

// Moving, resizing and drawing bookings with the pointer: what is dragged is the ghost that the keys move as well.
import { book } from "./book.js";
import { drop, send } from "./change.js";
import { dropMove, haunt, shifted, told } from "./ghost.js";
import { locate, openCell, openMenu } from "./grid.js";
import { chosen, current, island, one, say, spread, state, toast } from "./model.js";
import { focus, parts, retry, size } from "./view.js";

const tip = one("[data-tip]");
const FAR = 4;

// Where the pointer is: the column, and the row under it.
function place(event) {
  const box = parts.body.getBoundingClientRect();
  const column = Math.floor((event.clientX - box.left - size.pane) / size.column);
  const at = Math.floor((event.clientY - box.top) / size.row);
  return { column: Math.max(0, Math.min(state.starts.length - 1, column)), row: state.rows[at] };
}

function bubble(event, words) {
  const box = parts.scroll.parentElement.getBoundingClientRect();
  tip.hidden = !words;
  tip.textContent = words;
  tip.style.transform = `translate(${Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8)}px, ${event.clientY - box.top + 16}px)`;
}

function begin(event) {
  if (event.button || event.pointerType === "touch" || !event.target.closest(".pl-row") || event.target.closest(".pl-name, .is-foot")) return;
  const block = event.target.closest(".pl-block");
  const from = place(event);
  const rowNode = event.target.closest(".pl-row");
  locate(event.target);
  state.at = Number(rowNode.dataset.at);
  state.column = from.column;
  const row = current();
  state.anchor = null;
  focus();
  event.preventDefault();
  if (block && row.kind === "booking") follow(event, carry(event, row.bar, from));
  else if (row.kind === "person") follow(event, draw(row.person, from));
  else if (row.kind === "gap") follow(event, fill(row.gap));
}

function carry(event, bar, from) {
  const edge = event.target.closest(".pl-edge");
  const may = edge ? island.may.edit : event.altKey ? island.may.copy : island.may.move;
  const isCopy = event.altKey && !edge;
  return {
    move(moved) {
      if (!may) return;
      const to = place(moved);
      const by = to.column - from.column;
      if (edge) {
        const isStart = edge.classList.contains("is-start");
        const from_on = isStart ? Math.min(shifted(bar.from, by), bar.until) : bar.from;
        const until_on = isStart ? bar.until : Math.max(shifted(bar.until, by), bar.from);
        haunt(bar, bar.person, from_on, until_on);
      } else {
        const from_on = shifted(bar.from, by);
        haunt(bar, to.row?.person ?? state.ghost?.person ?? bar.person, from_on, bar.until + from_on - bar.from, isCopy);
      }
      bubble(moved, told());
    },
    end() { if (state.ghost) dropMove(); },
    click() { openMenu({ x: event.clientX, y: event.clientY }); },
  };
}

function draw(person, from) {
  return {
    move(moved) {
      if (!island.may.create) return;
      state.anchor = from.column;
      state.column = place(moved).column;
      const [first, last] = chosen();
      const effort = state.brush ?? { effort: "percent", amount: 100, firm: false };
      const minutes = spread({ effort: effort.effort, amount: effort.amount, from: state.starts[first], until: state.ends[last] }, person);
      state.ghost = { bar: { minutes: [], first: 0 }, firm: effort.firm, from: null, person, from_on: state.starts[first], until_on: state.ends[last], minutes };
      retry();
      bubble(moved, told());
    },
    end() { state.ghost = null; retry(); book(); },
    click: openCell,
  };
}

function fill(gap) {
  let person = null;
  return {
    move(moved) {
      if (!island.may.fill) return;
      const row = place(moved).row;
      person = row?.person ?? null;
      const minutes = new Map(gap.minutes.map((one_, at) => [gap.first + at, one_]));
      state.ghost = person ? { bar: { minutes: [], first: 0 }, firm: false, from: null, person, from_on: gap.from, until_on: gap.until, minutes } : null;
      retry();
      bubble(moved, person ? told() : say("filled", { number: gap.number }));
    },
    end() { if (person) send({ do: "fill", demand: gap.id, person: person.id }); else drop(); },
    click: openCell,
  };
}

function follow(begun, doing) {
  let isDragged = false;
  let frame = 0;
  const stop = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", cancel);
    removeEventListener("keydown", abort, true);
    cancelAnimationFrame(frame);
    tip.hidden = true;
    document.body.classList.remove("is-dragging");
  };
  const move = (event) => {
    if (!isDragged && Math.hypot(event.clientX - begun.clientX, event.clientY - begun.clientY) < FAR) return;
    if (!isDragged && state.zoom === "months" && begun.target.closest(".pl-block")) { toast({ text: say("not_drawn"), meaning: "info" }); stop(); return; }
    isDragged = true;
    document.body.classList.add("is-dragging");
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => { scrollAtEdge(event); doing.move(event); });
  };
  const end = (event) => { stop(); if (isDragged) { doing.move(event); tip.hidden = true; doing.end(); } else doing.click(); };
  const cancel = () => { stop(); drop(); };
  const abort = (event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); cancel(); } };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", cancel);
  addEventListener("keydown", abort, true);
}

function scrollAtEdge(event) {
  const box = parts.scroll.getBoundingClientRect();
  if (event.clientX > box.right - 24) parts.scroll.scrollLeft += size.column;
  else if (event.clientX < box.left + size.pane + 12) parts.scroll.scrollLeft -= size.column;
  if (event.clientY > box.bottom - 84) parts.scroll.scrollTop += size.row;
  else if (event.clientY < box.top + 60) parts.scroll.scrollTop -= size.row;
}

export function start() {
  parts.body.addEventListener("pointerdown", begin);
  parts.body.addEventListener("dblclick", (event) => { if (event.target.closest(".pl-cell") && current()?.kind === "person") book(); });
  parts.body.addEventListener("click", (event) => {
    // A finger does not drag: it opens, and the menu of what it opens has the rest.
    if (event.pointerType === "touch" && event.target.closest(".pl-cell, .pl-block") && locate(event.target)) {
      focus();
      if (current()?.kind === "booking") openMenu({ x: event.clientX, y: event.clientY });
      else openCell();
    }
  });
}

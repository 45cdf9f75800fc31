// The entries inside one cell: each with its own minutes and note.
import { clock, parse } from "./durations.js";
import { announce, refresh, toast } from "./edits.js";
import { focus } from "./focus.js";
import { cellAt, label, say, state } from "./model.js";
import { make, paint } from "./paint.js";
import { flush, post } from "./queue.js";

const dialog = document.getElementById("ts-entries");
let at = null;

const url = (entry) => state.urls.entry.replace("00000000-0000-0000-0000-000000000000", entry.id);

export async function showEntries(row, day) {
  // Entries that were just typed get their ids from the server first.
  await flush();
  at = { row, day };
  dialog.querySelector("h2").textContent = `${label(state.rows[row])} · ${state.days[day].name}`;
  list();
  dialog.showModal();
}

function list() {
  const cell = cellAt(at.row, at.day);
  dialog.querySelector("[data-entries]").replaceChildren(...cell.e.map((entry) => item(cell, entry)));
}

function item(cell, entry) {
  const isOpen = (entry.st === "open" || entry.st === "returned") && entry.id;
  const minutes = make("input", { class: "input ts-entry-time", value: clock(entry.m), "aria-label": say("duration"), autocomplete: "off" });
  const note = make("input", { class: "input", value: entry.n, "aria-label": say("no_note"), placeholder: say("no_note"), maxlength: "2000", autocomplete: "off" });
  const away = make("button", { type: "button", class: "btn btn-ghost btn-small" }, say("delete"));
  for (const control of [minutes, note, away]) control.disabled = !isOpen;
  minutes.addEventListener("change", async () => {
    const typed = parse(minutes.value);
    if (!typed || typed.relative) { minutes.setAttribute("aria-invalid", "true"); announce(say("not_a_duration")); return; }
    if (await send(entry, { minutes: typed.minutes })) { entry.m = typed.minutes; minutes.value = clock(entry.m); }
  });
  note.addEventListener("change", async () => { if (await send(entry, { note: note.value.trim() })) entry.n = note.value.trim(); });
  away.addEventListener("click", async () => {
    try {
      await post(url(entry), {}, "DELETE");
      cell.e.splice(cell.e.indexOf(entry), 1);
      list();
      shown();
    } catch (fault) { toast(fault.message, "danger"); }
  });
  return make("li", {}, minutes, note, away, entry.r ? make("p", { class: "error" }, say("returned", { note: entry.r })) : null);
}

async function send(entry, values) {
  try {
    await post(url(entry), values, "PATCH");
    queueMicrotask(shown);
    return true;
  } catch (fault) {
    toast(fault.message, "danger");
    return false;
  }
}

function shown() {
  paint(at.row, at.day);
  refresh();
}

dialog.querySelector("[data-entries-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => { paint(at.row, at.day); focus(at.row, at.day); });

// Sending a change: the database judges; where it refuses, the choices are shown before anything is saved.
import { arrange, ask, island, load, one, say, state, toast, view } from "./model.js";
import { canPut, put } from "./scenario.js";
import { focus, paint } from "./view.js";

const refused = one("[data-refused]");
let pending = null;

export async function reload({ keepFocus = true } = {}) {
  try {
    if (!(await load())) return;
    state.ghost = null;
    state.moving = null;
    paint();
    if (keepFocus) focus();
  } catch (fault) {
    toast({ text: fault.message, meaning: "danger" });
  }
}

export async function send(body) {
  try {
    const { text, undo } = await ask(`${island.urls.change}${view().search}`, body);
    state.anchor = null;
    toast({ text, meaning: "success", undo });
    await reload();
    return true;
  } catch (fault) {
    if (fault.code === "over_capacity") choose(body, fault);
    else {
      toast({ text: fault.message, meaning: "danger" });
      drop();
    }
    return false;
  }
}

export function drop() {
  state.ghost = null;
  state.moving = null;
  arrange();
  paint();
  focus();
}

function choose(body, fault) {
  pending = body;
  one("[data-refused-text]", refused).textContent = fault.message;
  const days = fault.problems.slice(1, 8).map((problem) => {
    const made = document.createElement("li");
    made.textContent = problem.detail;
    return made;
  });
  one("[data-refused-days]", refused).replaceChildren(...days);
  one("[data-refused-reason]", refused).hidden = !island.may.override;
  one("[data-override]", refused).hidden = !island.may.override;
  one("[data-refused-scenario]", refused).hidden = !canPut(body);
  one("input", refused).value = "";
  refused.showModal();
  one("[data-as-tentative]", refused).focus();
}

one("[data-refused-form]", refused).addEventListener("submit", (event) => event.preventDefault());
one("[data-as-tentative]", refused).addEventListener("click", () => {
  const body = pending;
  pending = null;
  refused.close();
  send({ ...body, firm: false });
});
one("[data-refused-scenario]", refused).addEventListener("click", () => put(pending));
one("[data-override]", refused).addEventListener("click", () => {
  const field = one("input", refused);
  const reason = field.value.trim();
  if (!reason) { field.setAttribute("aria-invalid", "true"); field.focus(); return; }
  const body = pending;
  pending = null;
  refused.close();
  send({ ...body, reason });
});
refused.addEventListener("close", () => { if (pending) { pending = null; drop(); } });

export function remove(bar) {
  if (island.may.delete) send({ do: "delete", bookings: [bar.id] });
}
export const setFirm = (bar, firm) => send({ do: "firm", bookings: [bar.id], firm });
export function split(bar, column) {
  const on = Math.max(state.starts[column], bar.from + 1);
  if (on > bar.until) { toast({ text: say("no_booking"), meaning: "info" }); return; }
  send({ do: "split", booking: bar.id, on: new Date(on * 86400000).toISOString().slice(0, 10) });
}

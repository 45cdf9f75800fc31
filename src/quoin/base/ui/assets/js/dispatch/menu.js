// The menu of a visit: everything that can be done by dragging, in words.
import { isFree, state, word } from "./model.js";
import { element } from "./paint.js";
import { suggestion } from "./server.js";

const dialog = document.getElementById("dp-menu");
const title = dialog.querySelector("#dp-menu-title");
const reasons = dialog.querySelector("[data-reasons]");
const verbs = dialog.querySelector("[data-verbs]");
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

function verb(text, act) {
  const made = element("button", { type: "button", class: "btn" }, text);
  made.addEventListener("click", () => { dialog.close(); act(); });
  return made;
}

export function menu(visit, { drop, publish, move }) {
  title.textContent = `${visit.number} · ${visit.title}`;
  reasons.replaceChildren(...(visit.against.length ? visit.against : [{ text: word("fine") }]).map((one) => element("li", { class: `banner banner-${one.hard ? "danger" : one.hard === false ? "warning" : "info"}` }, one.text)));
  const found = [element("a", { class: "btn", href: visit.url }, word("open"))];
  if (state.may.plan && isFree(visit)) found.push(element("a", { class: "btn", href: visit.form }, word("form")), verb(word("move"), move), ...lengths(visit, drop), ...people(visit, drop));
  if (visit.on && visit.status === "draft" && state.may.publish) found.push(verb(word("publish"), () => publish([visit.id])));
  if (visit.on && visit.status === "draft" && state.may.plan) found.push(verb(word("wait"), () => drop(visit, { on: null, crew: [], equipment: [] })));
  verbs.replaceChildren(...found);
  dialog.showModal();
}

function lengths(visit, drop) {
  if (!visit.on) return [];
  return [verb(word("longer"), () => drop(visit, { lasts: visit.lasts + 15 })), ...(visit.lasts > 15 ? [verb(word("shorter"), () => drop(visit, { lasts: visit.lasts - 15 }))] : [])];
}

function people(visit, drop) {
  if (!visit.on) return [];
  const free = [...state.rows.filter((row) => row.kind === "person"), ...state.others].filter((one) => !visit.crew.includes(one.id));
  const pick = element("select", { class: "input", "aria-label": word("second") }, element("option", { value: "" }, word("second")), ...free.map((row) => element("option", { value: row.id }, row.name)));
  pick.addEventListener("change", () => { dialog.close(); drop(visit, { crew: [...visit.crew, pick.value] }); });
  const there = visit.crew.length > 1 ? state.rows.filter((row) => visit.crew.includes(row.id)) : [];
  return [pick, ...there.map((row) => verb(word("leave", { name: row.name }), () => drop(visit, { crew: visit.crew.filter((id) => id !== row.id) })))];
}

// A shorter order of a day, told before it is used.
export async function orders(person, on, accept) {
  const told = await suggestion(person, on);
  title.textContent = told.saved ? word("saved", { count: told.saved }) : word("no_gain");
  reasons.replaceChildren(...told.visits.map((one) => element("li", {}, `${one.time} · ${one.site} · ${one.title}`)));
  verbs.replaceChildren(...(told.saved ? [verb(word("accept"), accept)] : []));
  dialog.showModal();
}

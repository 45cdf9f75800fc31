// The dialog of a booking, the brush that repeats one, and the form twin of copying.
import { send } from "./change.js";
import { announce, ask, chosen, current, effortOf, island, number, one, say, state, text } from "./model.js";
import { canPut, put } from "./scenario.js";
import { focus } from "./view.js";

const dialog = one("[data-book]");
const form = one("[data-book-form]");
const error = one("[data-book-error]");
const copying = one("[data-ask]");
const chip = one("[data-brush]");
let projects = null;
const aside = one("[data-as-scenario]", dialog);
let save = null;
let planned = null;

async function choices() {
  if (projects) return;
  const found = await ask(island.urls.projects);
  projects = new Map(found.projects.map(([id, label]) => [label, id]));
  one("#pl-projects").replaceChildren(...[...projects.keys()].map((label) => { const made = document.createElement("option"); made.value = label; return made; }));
}

function amountOf(bar) {
  return bar.effort === "percent" ? String(bar.amount) : String(Math.round((bar.amount / 60) * 100) / 100);
}

async function show(title, verb, values, act) {
  await choices();
  form.reset();
  error.hidden = true;
  for (const [name, value] of Object.entries(values)) {
    if (name === "firm") form.elements.firm.checked = value;
    else form.elements[name].value = value;
  }
  one("h2", dialog).textContent = title;
  one("[data-book-verb]", dialog).textContent = verb;
  save = act;
  planned = null;
  aside.hidden = true;
  dialog.showModal();
  const field = form.elements[values.project ? "amount" : "project"];
  field.focus();
  if (field.name === "amount" && !values.typed) field.select();
}

const labelOf = (project) => `${project[0]} · ${project[1]}`;

function read() {
  const { elements } = form;
  const project = projects.get(elements.project.value) ?? [...projects].find(([label]) => label.toLowerCase().includes(elements.project.value.trim().toLowerCase()))?.[1];
  const amount = Number(elements.amount.value.replace(",", "."));
  const fault = !project || !elements.project.value.trim() ? [elements.project, "project_unknown"] : !(amount > 0) ? [elements.amount, "amount_unknown"] : null;
  if (fault) {
    error.textContent = say(fault[1]);
    error.hidden = false;
    fault[0].focus();
    return null;
  }
  const effort = elements.effort.value;
  return { project, effort, amount: Math.round(effort === "percent" ? amount : amount * 60), from: elements.from.value, until: elements.until.value, firm: elements.firm.checked, note: elements.note.value };
}

export async function book({ amount = "" } = {}) {
  const row = current();
  if (!island.may.create) return;
  if (row?.kind !== "person") { announce(say("no_booking")); return; }
  const [first, last] = chosen();
  const span = { from: text(state.starts[first]), until: text(state.ends[last]) };
  if (state.brush && !amount) {
    const { project, effort, amount: much, firm } = state.brush;
    send({ do: "create", person: row.person.id, project, effort, amount: much, firm, ...span });
    return;
  }
  await choices();
  const usual = [...projects.keys()][0] ?? "";
  await show(say("new_booking", { name: row.person.name }), say("book"), { project: usual, amount: amount || "100", effort: "percent", firm: false, ...span }, (given) => send({ do: "create", person: row.person.id, ...given }));
  planned = { do: "create", person: row.person.id, name: `${row.person.name}: ${say("book")}` };
  aside.hidden = !canPut(planned);
  if (amount) { const field = form.elements.amount; field.focus(); field.setSelectionRange(1, 1); }
}

export function change(bar) {
  if (!island.may.edit) return;
  show(say("edit_booking", { name: bar.person.name }), say("save"), { project: labelOf(bar.project), amount: amountOf(bar), effort: bar.effort, from: text(bar.from), until: text(bar.until), firm: bar.firm, note: bar.note },
    (given) => send({ do: "edit", booking: bar.id, ...given }));
}

export async function brush(bar) {
  await choices();
  take({ project: projects.get(labelOf(bar.project)), effort: bar.effort, amount: bar.amount, firm: bar.firm }, `${bar.project[1]} · ${effortOf(bar)} · ${say(bar.firm ? "firm" : "tentative")}`);
}

function take(found, words) {
  state.brush = found;
  chip.hidden = false;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-small";
  button.textContent = "×";
  button.setAttribute("aria-label", say("brush_off"));
  button.addEventListener("click", putBrushDown);
  chip.replaceChildren(`${say("brush", { text: words })} `, button);
}

export function putBrushDown() {
  state.brush = null;
  chip.hidden = true;
  announce(say("brush_off"));
  focus();
}

export function copyTo(bar) {
  if (!island.may.copy) return;
  one("h2", copying).textContent = say("copy");
  one("#pl-people").replaceChildren(...state.people.map((person) => { const made = document.createElement("option"); made.value = person.name; return made; }));
  const { elements } = one("form", copying);
  elements.person.value = bar.person.name;
  elements.from.value = text(bar.from);
  elements.until.closest("label").hidden = true;
  copying.onsubmit = (event) => {
    event.preventDefault();
    const person = state.people.find((found) => found.name === elements.person.value);
    if (!person) { elements.person.focus(); return; }
    copying.close();
    send({ do: "copy", booking: bar.id, person: person.id, from: elements.from.value || text(bar.from) });
  };
  copying.showModal();
  elements.person.select();
}

export function start() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = read();
    if (!given) return;
    dialog.close();
    save(given);
  });
  one("[data-as-brush]", dialog).addEventListener("click", () => {
    const given = read();
    if (!given) return;
    dialog.close();
    take(given, `${form.elements.project.value} · ${form.elements.amount.value} ${form.elements.effort.selectedOptions[0].textContent}`);
  });
  aside.addEventListener("click", () => {
    const given = read();
    if (given && planned) put({ ...planned, ...given }, planned.name);
  });
  document.querySelector("[data-new-booking]")?.addEventListener("click", (event) => {
    if (current()?.kind !== "person") return;
    event.preventDefault();
    book();
  });
}
export const dayOf = number;

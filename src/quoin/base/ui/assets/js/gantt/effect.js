// A change is tried out before it is kept: the server says what it does, the bar shows it, Enter keeps, Escape reverts.
import { announce, ask, island, load, one, say, settings, state, toast } from "./model.js";
import { fitRange } from "./scale.js";
import { count, focus, paint } from "./view.js";

const bar = one("[data-effect]");
const list = one("[data-facts]");
const details = one("[data-lines]");
const aside = one("[data-scenario-put]", bar);
const PAUSE = 120;
const AT_ONCE = new Set(["add", "indent", "outdent", "shift"]);
const AT_ONCE_FIELDS = new Set(["name", "kind"]);
let edits = [];
let timer = 0;
let round = 0;
let running = null;

export const isOpen = () => edits.length > 0;
export const isBusy = () => Boolean(running);
const same = (one_, other) => one_.op === other.op && one_.unit === other.unit && !one_.until && !other.until && ["move", "resize", "lag"].includes(one_.op) && JSON.stringify([one_.tasks, one_.before, one_.after]) === JSON.stringify([other.tasks, other.before, other.after]);

export function propose(edit) {
  if (!island.mayChange) return;
  if (bar.dataset.level) revert({ quiet: true });
  const last = edits.at(-1);
  if (last && same(last, edit)) {
    last.days += edit.days;
    if (!last.days) edits.pop();
  } else edits.push(edit);
  if (!edits.length) { revert(); return; }
  const isPlain = AT_ONCE.has(edit.op) || (edit.op === "set" && AT_ONCE_FIELDS.has(edit.field));
  clearTimeout(timer);
  if (isPlain && edits.length === 1) { save(); return; }
  open();
  timer = setTimeout(() => { running = look(); }, edit.days ? PAUSE : 0);
}

function open() {
  bar.hidden = false;
  bar.classList.add("is-waiting");
  if (!list.children.length) list.textContent = say("trying");
}

async function look() {
  const mine = ++round;
  try {
    const found = await ask(island.urls.preview, { edits });
    if (mine !== round || !edits.length) return;
    state.tried = found;
    if (settings.atOnce) { await save(); return; }
    show(found);
    paint();
    focus({ quiet: document.activeElement !== document.body && !bar.contains(document.activeElement) && !document.activeElement.closest("[data-pane]") });
  } catch (fault) {
    if (mine !== round) return;
    revert();
    toast({ text: fault.message, meaning: "danger" });
  } finally {
    if (mine === round) running = null;
  }
}

export function show(found) {
  bar.hidden = false;
  bar.classList.remove("is-waiting");
  const facts = Object.keys(found.rows).length || found.lines.length ? found.facts : [{ text: say("nothing_moves"), meaning: "neutral" }, ...found.facts.filter((fact) => fact.meaning !== "neutral")];
  list.replaceChildren(...facts.map(({ text, meaning }) => {
    const item = document.createElement("li");
    item.className = `is-${meaning}`;
    item.textContent = text;
    return item;
  }));
  details.replaceChildren(...found.lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  one("[data-details]").hidden = !found.lines.length;
  if (aside) {
    aside.hidden = !found.scenario;
    one('[name="data"]', aside).value = found.scenario ? JSON.stringify(found.scenario) : "";
    one('[name="name"]', aside).value = facts[0] ? `${island.name}: ${facts[0].text}` : island.name;
  }
  announce(`${say("effect")}: ${facts.map((fact) => fact.text).join(", ")}`);
}

export function revert({ quiet = false } = {}) {
  clearTimeout(timer);
  round += 1;
  running = null;
  const was = edits.length || state.tried;
  edits = [];
  state.tried = null;
  close();
  paint();
  focus({ quiet });
  if (was && !quiet) announce(say("reverted"));
}

function close() {
  bar.hidden = true;
  list.replaceChildren();
  details.hidden = true;
  one("[data-keep]", bar)?.removeAttribute("hidden");
  delete bar.dataset.level;
}

// Keeps what is in the bar; waits for the answer that is on its way.
export async function save() {
  clearTimeout(timer);
  const url = bar.dataset.level ? `${island.urls.level}?${bar.dataset.level}` : island.urls.change;
  const wanted = edits;
  edits = [];
  round += 1;
  bar.classList.add("is-waiting");
  try {
    const { text, undo } = await ask(url, { edits: wanted });
    await reload();
    toast({ text, undo: undo || undefined, meaning: "success" });
  } catch (fault) {
    state.tried = null;
    paint();
    toast({ text: fault.message, meaning: "danger" });
  }
  running = null;
  close();
  focus();
}

export async function reload() {
  const number = state.visible[state.at]?.number;
  await load();
  if (number !== undefined && state.place.has(number)) state.at = state.place.get(number);
  fitRange();
  paint();
  count();
  document.dispatchEvent(new CustomEvent("gantt:loaded"));
}

// What levelling would do is kept or reverted like any other change; `way` is how it was asked for.
export function level(found, way) {
  bar.dataset.level = way;
  edits = [{ op: "level" }];
  state.tried = found;
  show(found);
  one("[data-keep]").hidden = !found.changes;
  one("[data-details]").hidden = true;
  details.hidden = false;
  details.replaceChildren(...found.reasons.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  paint();
}

one("[data-keep]")?.addEventListener("click", save);
one("[data-revert]")?.addEventListener("click", () => revert());
one("[data-details]")?.addEventListener("click", (event) => {
  details.hidden = !details.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!details.hidden));
});
document.addEventListener("quoin:undone", (event) => { event.preventDefault(); reload().then(() => focus()); });

// Native popovers, placed beside the button that opened them, with arrow keys inside.
import { all, on, one } from "./core.js";

let opener = null;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[popovertarget]");
  if (button) opener = button;
}, true);

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches("[popover].menu")) return;
  const button = opener?.getAttribute("popovertarget") === menu.id ? opener : one(`[popovertarget="${menu.id}"]`);
  button?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" || !button) return;
  const from = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isRtl = document.documentElement.dir === "rtl";
  const alignsEnd = (menu.dataset.anchor === "end") !== isRtl;
  const left = alignsEnd ? from.right - width : from.left;
  const below = from.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${below + height > innerHeight - 8 ? Math.max(8, from.top - height - 4) : below}px`;
  one("input:not([type=hidden]), select, .menu-item", menu)?.focus();
}, true);

on("keydown", ".menu", (event, menu) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = all(".menu-item", menu);
  if (!items.length || event.target.matches("select, input")) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
});

// The filter form: operators and values follow the chosen field.
const NEEDS_NO_VALUE = "isnull";
function fit(form, keepOp = "") {
  const field = form.elements.filter_field.selectedOptions[0];
  const operator = form.elements.filter_op;
  const value = one("#filter-value", form);
  const choice = one("#filter-choice", form);
  const allowed = field.dataset.ops.split(" ");
  for (const option of operator.options) { option.hidden = option.disabled = !allowed.includes(option.value); }
  operator.value = keepOp || (allowed.includes(operator.value) ? operator.value : allowed.includes("like") ? "like" : allowed[0]);
  const needsNone = operator.value === NEEDS_NO_VALUE;
  const choices = (field.dataset.values ?? "").split(";").filter(Boolean).map((pair) => pair.split("="));
  const kept = keepOp ? value.value.split(",") : [...choice.selectedOptions].map((option) => option.value);
  choice.multiple = ["in", "nin"].includes(operator.value);
  choice.size = choice.multiple ? Math.min(choices.length, 8) : 0;
  choice.replaceChildren(...choices.map(([code, label]) => new Option(label, code, false, kept.includes(code))));
  choice.hidden = choice.disabled = !choices.length || needsNone;
  value.hidden = choices.length > 0;
  value.type = field.dataset.kind === "day" && !["in", "nin"].includes(operator.value) && !/^(today|[+-])/.test(value.value) ? "date" : "text";
  value.disabled = needsNone || choices.length > 0;
}
on("change", ".filter-form select", (_event, select) => fit(select.form));
on("click", "[data-filter], [data-filter-add]", (_event, button) => {
  const form = one("#filter-menu form");
  const { filter, op = "", value = "" } = button.dataset;
  form.elements.replaces.value = filter ? (op === "eq" ? filter : `${filter}[${op}]`) : "";
  if (filter) form.elements.filter_field.value = filter;
  const field = one("#filter-value", form);
  field.type = "text";
  field.value = value;
  fit(form, op);
  if (filter) requestAnimationFrame(() => one("#filter-value:not([hidden]), #filter-choice:not([hidden])", form)?.focus());
});

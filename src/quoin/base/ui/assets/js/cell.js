// Inline edit: Enter or F2 edits, Enter saves and moves down, Tab saves and moves on, Esc leaves. PATCH with If-Match.
import { all, announce, element, on, one, send, text } from "./core.js";

const TYPES = { number: "text", duration: "text", day: "date", text: "text" };
const grid = () => all("[data-cell]");

export function edit(cell) {
  if (cell.classList.contains("is-editing") || cell.classList.contains("is-saving")) return;
  const kind = cell.dataset.kind;
  const input = kind === "select"
    ? element("select", { class: "cell-input", "aria-label": cell.dataset.label })
    : element("input", { class: "cell-input", type: TYPES[kind] ?? "text", "aria-label": cell.dataset.label, autocomplete: "off", ...(kind === "number" ? { inputmode: "decimal" } : {}) });
  if (kind === "select") input.append(one("template", cell).content.cloneNode(true));
  one(".cell-error", cell)?.remove();
  cell.classList.remove("is-error");
  input.value = cell.dataset.value;
  const shown = [...cell.children];
  shown.forEach((child) => { child.hidden = true; });
  cell.classList.add("is-editing");
  cell.append(input);
  input.focus();
  input.select?.();
  let done = false;
  const leave = () => {
    done = true;
    input.remove();
    shown.forEach((child) => { child.hidden = false; });
    cell.classList.remove("is-editing");
  };
  const commit = (next) => {
    if (done) return;
    const value = input.value;
    leave();
    if (value === cell.dataset.value) (next ?? cell).focus();
    else save(cell, value, cell.dataset.etag, next);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { event.preventDefault(); leave(); cell.focus(); }
    if (event.key === "Enter") { event.preventDefault(); commit(below(cell)); }
    if (event.key === "Tab") { event.preventDefault(); commit(beside(cell, event.shiftKey ? -1 : 1)); }
  });
  input.addEventListener("blur", () => commit(null));
}

function below(cell) {
  const list = grid().filter((other) => other.dataset.field === cell.dataset.field);
  return list[list.indexOf(cell) + 1] ?? cell;
}

function beside(cell, by) {
  const list = grid();
  return list[list.indexOf(cell) + by] ?? cell;
}

async function save(cell, value, etag, next) {
  const word = one(".cell-text", cell);
  cell.classList.add("is-saving");
  cell.setAttribute("aria-busy", "true");
  if (cell.dataset.kind !== "select") word.textContent = value;
  (next ?? cell).focus();
  try {
    const headers = etag ? { "If-Match": etag } : {};
    const answer = await send(cell.dataset.cell, { method: "PATCH", body: new URLSearchParams({ [cell.dataset.field]: value }), headers });
    if (answer.status === 412) return settle(cell, value, await answer.json());
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    replace(cell, await answer.text(), value, answer.ok);
  } catch {
    fail(cell, value, text("not_saved"));
  }
}

function replace(cell, html, value, ok) {
  const fresh = one(".cell", element("div", {}, document.createRange().createContextualFragment(html)));
  if (!fresh) { fail(cell, value, text("not_saved")); return; }
  const hadFocus = cell === document.activeElement;
  if (!ok) { fresh.dataset.value = value; announce(one(".cell-error", fresh)?.textContent ?? text("not_saved")); }
  cell.replaceWith(fresh);
  if (ok) { fresh.classList.add("is-saved"); announce(text("saved")); setTimeout(() => fresh.classList.remove("is-saved"), 1600); }
  if (hadFocus) fresh.focus();
  fresh.dispatchEvent(new CustomEvent("quoin:cell", { bubbles: true, detail: { ok } }));
}

function fail(cell, value, message) {
  cell.classList.remove("is-saving");
  cell.removeAttribute("aria-busy");
  cell.classList.add("is-error");
  cell.dataset.value = value;
  one(".cell-error", cell)?.remove();
  cell.append(element("span", { class: "cell-error" }, message));
  announce(message);
}

function settle(cell, mine, { detail, theirs, etag }) {
  cell.classList.remove("is-saving");
  const keep = element("button", { type: "button", class: "btn" }, text("keep_theirs"));
  const use = element("button", { type: "button", class: "btn btn-primary" }, text("use_mine"));
  const dialog = element("dialog", { class: "dialog", "aria-label": text("stale") },
    element("h2", {}, text("stale")), element("p", {}, detail),
    element("div", { class: "versus" }, element("div", {}, theirs), element("div", {}, mine)),
    element("div", { class: "dialog-actions" }, keep, use));
  keep.addEventListener("click", () => { cell.dataset.value = theirs; cell.dataset.etag = etag; one(".cell-text", cell).textContent = theirs; dialog.close(); });
  use.addEventListener("click", () => { dialog.close(); save(cell, mine, etag, cell); });
  dialog.addEventListener("close", () => { dialog.remove(); cell.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

on("click", "[data-cell]", (_event, cell) => edit(cell));
on("keydown", "[data-cell]", (event, cell) => {
  if (event.target !== cell) return;
  if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); event.stopPropagation(); edit(cell); }
});

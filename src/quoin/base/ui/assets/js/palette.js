// The command palette: a combobox over /search?format=json, grouped; what was opened last stands first.
import { all, announce, element, on, one, recall, remember, send, text } from "./core.js";

const dialog = one("#palette");
const input = dialog && one("input", dialog);
const list = dialog && one("#palette-list");
let hits = [];
let at = 0;
let turn = 0;
let waiting = 0;

export function openPalette(start = "") {
  if (!dialog || dialog.open) return;
  input.value = start;
  dialog.showModal();
  input.focus();
  look();
}

function show(found, heading = "") {
  hits = found;
  at = 0;
  list.replaceChildren();
  if (heading && hits.length) list.append(element("li", { class: "palette-group", role: "presentation" }, heading));
  hits.forEach((hit, index) => {
    const item = element("li", { class: "palette-hit", role: "option", id: `hit-${index}`, "aria-selected": "false" },
      element("span", {}, hit.kind), element("b", {}, hit.title), element("span", {}, hit.detail ?? ""));
    item.addEventListener("click", (event) => go(hit, event.ctrlKey || event.metaKey));
    item.addEventListener("pointermove", () => mark(index));
    list.append(item);
  });
  if (!hits.length && input.value.trim()) list.append(element("li", { class: "palette-group", role: "presentation" }, text("no_results")));
  mark(0);
}

function mark(index) {
  at = index;
  all(".palette-hit", list).forEach((item, position) => item.setAttribute("aria-selected", String(position === index)));
  if (hits.length) input.setAttribute("aria-activedescendant", `hit-${index}`);
  else input.removeAttribute("aria-activedescendant");
  one(`#hit-${index}`, list)?.scrollIntoView({ block: "nearest" });
}

async function look() {
  const typed = input.value.trim();
  const mine = (turn += 1);
  if (!typed) { show(recall("recent", []), text("recent")); return; }
  try {
    const answer = await send(`/search?format=json&q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
    const found = answer.ok ? (await answer.json()).results : [];
    if (mine !== turn) return;
    show(found);
    announce(found.length ? text("results", { count: found.length }) : text("no_results"));
  } catch {
    if (mine === turn) show([]);
  }
}

function go(hit, inNewTab = false) {
  remember("recent", [hit, ...recall("recent", []).filter((other) => other.url !== hit.url)].slice(0, 8));
  dialog.close();
  if (inNewTab) window.open(hit.url, "_blank", "noopener");
  else location.assign(hit.url);
}

if (dialog) {
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 80); });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key] && hits.length) { event.preventDefault(); mark((at + moves[event.key] + hits.length) % hits.length); }
    if (event.key === "Enter") {
      event.preventDefault();
      if (hits[at]) go(hits[at], event.ctrlKey || event.metaKey);
      else if (input.value.trim()) location.assign(`/search?q=${encodeURIComponent(input.value.trim())}`);
    }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  on("click", "[data-palette]", (event) => { event.preventDefault(); openPalette(); });
}

// The drawer: a modal dialog whose content is a page's own view. Its address lives in ?peek=.
import htmx from "htmx.org";
import { all, announce, emit, on, one, send, text } from "./core.js";

const drawer = one("#drawer");
const content = one("#drawer-content");
let origin = null;
let row = null;
let asked = 0;

const rows = () => all("[data-row][data-href]");
export const isOpen = () => drawer?.open ?? false;

function address(id) {
  const url = new URL(location.href);
  if (id) url.searchParams.set("peek", id);
  else url.searchParams.delete("peek");
  history.replaceState(history.state, "", url);
}

export async function open(url, { width = "", from = document.activeElement, peeked = null } = {}) {
  const turn = (asked += 1);
  if (!drawer.open) origin = from;
  row?.classList.remove("is-peeked");
  row = peeked;
  row?.classList.add("is-peeked");
  row?.scrollIntoView({ block: "nearest" });
  const waiting = setTimeout(() => { if (turn === asked) content.innerHTML = '<div class="skeleton" aria-busy="true"><div></div><div></div><div></div><div></div><div></div></div>'; show(width); }, 300);
  try {
    const answer = await send(url, { headers: { "X-Drawer": "1", "HX-Target": "drawer-content" } });
    const html = await answer.text();
    clearTimeout(waiting);
    if (turn !== asked) return;
    if (answer.redirected && !html.includes("drawer-inner")) { location.assign(answer.url); return; }
    if (!html.includes("drawer-inner")) throw new Error(String(answer.status));
    content.innerHTML = html;
    htmx.process(content);
    show(one(".drawer-inner", content)?.dataset.width ?? width);
    address(row?.dataset.row ?? "");
    const title = one("#drawer-title", content);
    if (title) announce(title.textContent);
    document.dispatchEvent(new CustomEvent("quoin:drawer", { detail: { url, content } }));
  } catch {
    clearTimeout(waiting);
    if (turn === asked) { close(); emit("quoin:toast", { text: text("failed"), meaning: "danger" }); }
  }
}

function show(width) {
  if (width) drawer.dataset.width = width;
  else delete drawer.dataset.width;
  if (!drawer.open) drawer.showModal();
  one(".drawer-body", content)?.focus();
}

export function close() {
  if (drawer.open) drawer.close();
}

export const peek = (target) => open(target.dataset.peek ?? target.dataset.href, { from: one("[data-row-link]", target) ?? target, peeked: target });

export function step(by) {
  const list = rows();
  const next = list[list.indexOf(row) + by];
  if (next) peek(next);
}

if (drawer) {
  drawer.addEventListener("close", () => {
    asked += 1;
    address("");
    row?.classList.remove("is-peeked");
    const back = (row && one("[data-row-link]", row)) ?? origin;
    row = null;
    content.replaceChildren();
    if (back?.isConnected) back.focus();
  });
  drawer.addEventListener("click", (event) => { if (event.target === drawer) close(); });
  on("click", "[data-drawer-close]", close);
  on("click", "a[data-drawer]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.href, { width: link.dataset.drawer, from: link });
  });
  const wanted = new URL(location.href).searchParams.get("peek");
  const found = wanted ? rows().find((candidate) => candidate.dataset.row === wanted) : null;
  if (found) peek(found);
}

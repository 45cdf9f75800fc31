// Toasts with Undo: 10 seconds, pausing while somebody looks at them; the last ones stay in "Recent changes".
import { announce, element, emit, one, recall, remember, send, text } from "./core.js";

const SECONDS = 10;
const DAY = 24 * 60 * 60 * 1000;
const place = one("#toasts");
let latest = null;

function recent() {
  return recall("changes", []).filter((change) => Date.now() - change.at < DAY).slice(0, 50);
}

export function toast({ text: message, meaning = "success", undo, undo_label: label }) {
  const change = undo ? { text: message, undo, at: Date.now() } : null;
  const box = element("div", { class: `toast is-${meaning}` }, element("span", {}, message));
  if (change) {
    remember("changes", [change, ...recent()]);
    latest = { change, box };
    const button = element("button", { type: "button", class: "btn btn-ghost btn-small" }, label ?? text("undo"), element("kbd", { "aria-hidden": "true" }, "Z"));
    button.addEventListener("click", () => revert(change, box));
    box.append(button);
  }
  const close = element("button", { type: "button", class: "btn btn-ghost btn-icon", "aria-label": text("close") }, "×");
  close.addEventListener("click", () => box.remove());
  box.append(close);
  place.append(box);
  if (meaning === "danger") announce(message);
  let left = SECONDS;
  const timer = setInterval(() => {
    if (box.matches(":hover, :focus-within") || document.hidden) return;
    left -= 1;
    if (left <= 0 || !box.isConnected) { clearInterval(timer); box.remove(); }
  }, 1000);
  return box;
}

async function revert(change, box) {
  box?.remove();
  try {
    const answer = await send(change.undo, { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    remember("changes", recent().filter((other) => other.undo !== change.undo));
    if (latest?.change.undo === change.undo) latest = null;
    const next = answer.headers.get("HX-Redirect");
    const event = new CustomEvent("quoin:undone", { cancelable: true, detail: change });
    toast({ text: text("undone"), meaning: "info" });
    if (next) location.assign(next);
    else if (document.dispatchEvent(event)) setTimeout(() => location.reload(), 400);
  } catch {
    toast({ text: text("undo_failed"), meaning: "danger" });
  }
}

export function undoLatest() {
  const change = latest?.change ?? recent()[0];
  if (change) revert(change, latest?.box);
}

export function showChanges() {
  const changes = recent();
  const list = changes.length
    ? element("ul", { class: "timeline" }, ...changes.map((change) => {
        const button = element("button", { type: "button", class: "btn btn-small" }, text("undo"));
        button.addEventListener("click", () => { dialog.close(); revert(change); });
        return element("li", { class: "row" }, element("span", {}, change.text), button);
      }))
    : element("p", {}, text("no_changes"));
  const dialog = element("dialog", { class: "dialog", "aria-label": text("changes") }, element("h2", {}, text("changes")), list);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("quoin:toast", (event) => toast(event.detail));

// A redirect brings its message in a cookie that lives for seconds.
const carried = /(?:^|; )quoin_toast=([^;]+)/.exec(document.cookie);
if (carried) {
  document.cookie = "quoin_toast=; Max-Age=0; path=/; SameSite=Lax";
  try { emit("quoin:toast", JSON.parse(decodeURIComponent(carried[1].replace(/^"|"$/g, "")))); } catch { /* not ours */ }
}

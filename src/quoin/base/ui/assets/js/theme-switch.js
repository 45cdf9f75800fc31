// Theme, density, shortcuts and sidebar: applied at once; the first three are saved with the user who is signed in.
import { all, announce, on, recall, remember, send, text } from "./core.js";

const root = document.documentElement;
const keep = (name, value) => {
  try { value ? localStorage.setItem(`quoin:${name}`, value) : localStorage.removeItem(`quoin:${name}`); } catch { /* refused */ }
};

function show() {
  const theme = root.dataset.theme ?? "system";
  const density = root.dataset.density ?? "default";
  all("[data-set-theme]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme)));
  all("[data-set-density]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.setDensity === density)));
  all("[data-sidebar]").forEach((button) => button.setAttribute("aria-expanded", String(isOpen())));
}

const isPhone = () => matchMedia("(max-width: 991px)").matches;
const isOpen = () => (isPhone() ? document.body.classList.contains("is-side-open") : root.dataset.sidebar !== "narrow");

// A choice waits in the browser until the server has it, so that a lost network or a quick click away loses nothing.
async function save(name, value) {
  if (!root.dataset.preferences || document.body.classList.contains("is-viewed")) return;
  remember("unsaved", { ...recall("unsaved", {}), [name]: value });
  const body = new URLSearchParams({ field: name, value });
  try {
    const answer = await send(root.dataset.preferences, { method: "POST", body, keepalive: true });
    if (answer.status < 500) forget(name, value);
  } catch { /* it goes with the next page */ }
}

function forget(name, value) {
  const waiting = recall("unsaved", {});
  if (waiting[name] === value) delete waiting[name];
  remember("unsaved", waiting);
}

export function set(name, value, usual) {
  if (value === usual) delete root.dataset[name];
  else root.dataset[name] = value;
  keep(name, value === usual ? "" : value);
  save(name, value);
  announce(text(`${name}_${value}`));
  document.dispatchEvent(new CustomEvent(`quoin:${name}`, { detail: { value } }));
  show();
}

export function toggleSidebar() {
  if (isPhone()) document.body.classList.toggle("is-side-open");
  else {
    const narrow = root.dataset.sidebar !== "narrow";
    if (narrow) root.dataset.sidebar = "narrow";
    else delete root.dataset.sidebar;
    keep("sidebar", narrow ? "narrow" : "");
  }
  show();
}

on("click", "[data-set-theme]", (_event, button) => set("theme", button.dataset.setTheme, "system"));
on("click", "[data-set-density]", (_event, button) => set("density", button.dataset.setDensity, "default"));
on("click", "[data-theme-next]", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  set("theme", isDark ? "light" : "dark", "system");
});
on("click", "[data-sidebar]", (event) => { event.stopPropagation(); toggleSidebar(); });
document.addEventListener("click", (event) => {
  const open = document.body.classList.contains("is-side-open");
  if (open && !event.target.closest(".shell-side, [data-sidebar]")) { document.body.classList.remove("is-side-open"); show(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("is-side-open")) { document.body.classList.remove("is-side-open"); show(); }
});
// The page of preferences saves by its own forms; what they say is shown without a new page.
on("change", "[data-preference] select", (_event, select) => {
  const { preference: name, usual } = select.form.dataset;
  if (select.value === usual) delete root.dataset[name];
  else root.dataset[name] = select.value;
  keep(name, select.value === usual ? "" : select.value);
  show();
});
show();
Object.entries(recall("unsaved", {})).forEach(([name, value]) => save(name, value));

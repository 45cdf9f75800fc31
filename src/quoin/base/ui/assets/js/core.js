// Small things every module needs: texts, storage, announcements, requests.
import { formed } from "./plural.js";

const block = document.getElementById("ui-config");
export const config = block ? JSON.parse(block.textContent) : { texts: {}, go: [], create: [] };

export const text = (name, values = {}) =>
  formed(config.texts[name] ?? name, values.count).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export function on(type, selector, handler) {
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element ? event.target.closest(selector) : null;
    if (found) handler(event, found);
  });
}

export const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(name, { detail }));

export function recall(name, fallback = null) {
  try { return JSON.parse(localStorage.getItem(`quoin:${name}`)) ?? fallback; } catch { return fallback; }
}

export function remember(name, value) {
  try { localStorage.setItem(`quoin:${name}`, JSON.stringify(value)); } catch { /* private windows refuse */ }
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

let clearing = 0;
export function announce(message) {
  const place = document.getElementById("announce");
  if (!place) return;
  clearTimeout(clearing);
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = message; });
  clearing = setTimeout(() => { place.textContent = ""; }, 4000);
}
document.addEventListener("quoin:announce", (event) => announce(event.detail.text));

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export function send(url, { method = "GET", body, headers = {}, keepalive = false } = {}) {
  const guard = method === "GET" ? {} : { "X-CSRFToken": token() };
  return fetch(url, { method, body, keepalive, credentials: "same-origin", headers: { "HX-Request": "true", ...guard, ...headers } });
}

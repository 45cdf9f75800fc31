// The visit on a phone. Each step is a plain form; here it is kept first and sent when there is a network.
import { pad } from "./visit/pad.js";
import { smaller } from "./visit/photo.js";
import * as store from "./visit/store.js";

const root = document.getElementById("visit");
const word = (name, values = {}) => (root.dataset[`word${name}`] ?? "").replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const RETRY = 15000;
const seen = root.dataset.hours;
let order = 0;
let running = null;
let timer = 0;

const say = (text, state = "") => {
  const line = document.getElementById("fv-state");
  line.textContent = text;
  line.className = `fv-state${state ? ` is-${state}` : ""}`;
};

async function keep(form, submitter) {
  const told = {};
  const files = {};
  for (const [name, value] of new FormData(form, submitter)) {
    if (name === "csrfmiddlewaretoken") continue;
    if (value instanceof File) { if (value.size) files[name] = await smaller(value); } else told[name] = value;
  }
  const step = { id: store.newId(), user: root.dataset.user, url: root.dataset.step, at: new Date().toISOString(), order: order++, told, files };
  await store.put(step);
  show(step);
  await count();
  await flush();
}

// What was done is seen at once, marked as not sent yet.
function show(step) {
  const { told } = step;
  if (told.kind === "check") {
    const line = document.getElementById(told.check);
    if (!line) return;
    line.classList.remove("is-open", "is-done", "is-failed", "is-n_a");
    line.classList.add(`is-${told.state}`, "is-waiting");
    return;
  }
  if (told.kind === "part") {
    const list = document.getElementById("fv-used");
    const row = Object.assign(document.createElement("li"), { textContent: [`${told.quantity} ×`, told.name, told.serial_number].filter(Boolean).join(" ") });
    list?.append(row);
    return;
  }
  const form = root.querySelector(`form[data-step="${told.kind}"]`);
  if (!form) return;
  const done = Object.assign(document.createElement("p"), { className: "badge badge-warning", textContent: new Date(step.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
  form.replaceWith(done);
  if (told.kind === "finish") document.getElementById("fv-sign")?.removeAttribute("data-later");
}

async function count() {
  const left = (await store.waiting(root.dataset.user)).length;
  document.dispatchEvent(new CustomEvent("quoin:queue", { detail: { count: left } }));
  if (left) say(`${word("Waiting", { count: left })} ${navigator.onLine ? "" : word("Kept")}`.trim(), "waiting");
  return left;
}

function flush() {
  clearTimeout(timer);
  running ??= drain().finally(() => { running = null; });
  return running;
}

async function drain() {
  const refused = [];
  let sent = 0;
  // What is done while something is being sent goes along in the same round.
  for (let step = await next(); step; step = await next()) {
    const answer = await post(step).catch(() => null);
    if (!answer || answer.status >= 500 || answer.status === 429 || answer.redirected) {
      timer = setTimeout(flush, RETRY);
      await count();
      return;
    }
    const body = await answer.json().catch(() => ({}));
    await store.drop(step.id);
    sent += 1;
    if (!answer.ok) refused.push(body.detail ?? String(answer.status));
    else if (body.note) refused.push(body.note);
  }
  if (!sent) return;
  await renew();
  say(word("Sent"));
  document.dispatchEvent(new CustomEvent("quoin:queue", { detail: { count: 0 } }));
  for (const text of refused) refuse(text);
}

const next = async () => (await store.waiting(root.dataset.user))[0];

function post(step) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...step.told, id: step.id, at: step.at })) body.append(name, value);
  for (const [name, file] of Object.entries(step.files)) body.append(name, file, file.name);
  return fetch(step.url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token() } });
}

function refuse(text) {
  const list = document.getElementById("fv-refused");
  const row = Object.assign(document.createElement("li"), { className: "banner banner-danger" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: word("Dismiss") });
  button.addEventListener("click", () => { row.remove(); list.hidden = !list.children.length; });
  row.append(Object.assign(document.createElement("span"), { textContent: `${word("Refused")}: ${text}` }), button);
  list.append(row);
  list.hidden = false;
}

// The page as the server has it now. What is typed and not sent stays: only what the server wrote is replaced.
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = fresh.getElementById("visit");
  if (!found) return;
  const typed = new Map([...root.querySelectorAll("input[id]:not([type=file]), textarea[id]")].map((field) => [field.id, [field.defaultValue, field.value]]));
  const refused = [...document.getElementById("fv-refused").children];
  const focus = document.activeElement?.id;
  root.replaceChildren(...found.childNodes);
  for (const [id, [was, value]] of typed) {
    const field = document.getElementById(id);
    if (field && value !== was) field.value = value;
  }
  document.getElementById("fv-refused").append(...refused);
  document.getElementById("fv-refused").hidden = !refused.length;
  const title = fresh.querySelector(".page-title");
  if (title) document.querySelector(".page-title")?.replaceChildren(...title.childNodes);
  if (focus) document.getElementById(focus)?.focus();
  if (found.dataset.hours !== seen) refuse(word("Moved"));
  dress();
  for (const step of await store.waiting(root.dataset.user)) if (step.url === root.dataset.step) show(step);
}

function dress() {
  const signing = root.querySelector('form[data-step="sign"]');
  if (signing) pad(signing);
  tick();
}

// Running times, written beside when they began.
function tick() {
  for (const field of root.querySelectorAll("[data-since]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(field.dataset.since)) / 60000));
    field.dataset.text ??= field.textContent;
    field.textContent = `${field.dataset.text} · ${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  }
}

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-step]");
  if (!form) return;
  event.preventDefault();
  const { submitter } = event;
  keep(form, submitter).then(() => {
    if (form.dataset.step === "part") { form.reset(); form.elements.name?.focus(); }
  });
});

async function start() {
  dress();
  const left = await store.waiting(root.dataset.user);
  for (const step of left) if (step.url === root.dataset.step) show(step);
  if (left.length) await count();
  else if (!navigator.onLine) say(word("Stale"), "waiting");
  if (navigator.onLine) await flush();
}

addEventListener("online", flush);
addEventListener("offline", count);
setInterval(tick, 60000);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data?.kept) root.dataset.kept = ""; });
  navigator.serviceWorker.register(root.dataset.worker, { scope: "/visits/" }).then(async () => {
    // The page that brought the worker is kept too, with all that it is made of.
    const worker = (await navigator.serviceWorker.ready).active;
    const parts = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.startsWith(`${location.origin}/static/`));
    worker?.postMessage({ page: location.href, parts });
  }).catch(() => { /* a browser without workers has no offline pages, the queue works all the same */ });
}
start();

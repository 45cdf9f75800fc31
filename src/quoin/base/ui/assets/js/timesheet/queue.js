// Edits on their way to the server. They are kept in the browser until the server has said what became of them, so
// that a lost network, a closed lid or a reload loses nothing; their ids make sure that each is applied once.
import { dayNumber, rowNumber, state } from "./model.js";

const KEY = `quoin:time:${state.user}:${state.person}`;
const PAUSE = 400;
const MOST = 100;
const RETRY = [2000, 5000, 15000, 30000];
const listeners = new Set();
let waiting = load();
let flying = [];
let timer = 0;
let failures = 0;
let running = null;
let memory = null;

function load() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return memory ?? []; }
}

function store() {
  // What is in flight may not arrive: it stays stored until it has been answered.
  const kept = [...flying, ...waiting];
  try { if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept)); else localStorage.removeItem(KEY); } catch { memory = kept; }
}

export const onAnswer = (listener) => listeners.add(listener);
export const size = () => waiting.length + flying.length;
export const isIdle = () => size() === 0;
const tell = (kind, detail = {}) => {
  for (const listener of listeners) listener(kind, detail);
  document.dispatchEvent(new CustomEvent("quoin:queue", { detail: { count: size() } }));
};

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a local network has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function push(edit) {
  // An edit of the same cell that never left is overtaken. One that was tried may have arrived: it keeps its id.
  const same = waiting.find((other) => !other.tried && other.row === edit.row && other.day === edit.day);
  if (same) Object.assign(same, { ...edit, id: newId(), was: same.was ?? edit.was, url: state.urls.cells });
  else waiting.push({ ...edit, id: newId(), url: state.urls.cells });
  store();
  tell("queued");
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
}

// Whoever waits for it waits until everything has been sent, also what is on its way already.
export function flush() {
  clearTimeout(timer);
  running ??= drain().finally(() => { running = null; });
  return running;
}

async function drain() {
  while (waiting.length) {
    const { url } = waiting[0];
    flying = waiting.filter((edit) => edit.url === url).slice(0, MOST);
    waiting = waiting.filter((edit) => !flying.includes(edit));
    for (const edit of flying) edit.tried = true;
    store();
    tell("sending");
    try {
      await send(url);
      failures = 0;
    } catch (fault) {
      waiting = [...flying, ...waiting];
      flying = [];
      store();
      failures += 1;
      tell("offline", { fault });
      timer = setTimeout(flush, RETRY[Math.min(failures - 1, RETRY.length - 1)]);
      return;
    }
  }
}

async function send(url) {
  const edits = flying.map(({ url: _url, tried: _tried, ...edit }) => edit);
  const answer = await fetch(url, {
    method: "POST",
    body: JSON.stringify({ edits }),
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
  });
  if (answer.status >= 500 || answer.status === 429 || answer.redirected) throw new Error(String(answer.status));
  const sent = flying;
  flying = [];
  if (!answer.ok) {
    // Refused as a whole: sending it again would not help, so it is said and dropped.
    const problem = await answer.json().catch(() => ({}));
    store();
    tell("refused", { sent, why: problem.detail ?? String(answer.status) });
    return;
  }
  const body = await answer.json();
  store();
  tell("saved", { sent, ...body });
}

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
export const isWaiting = (row, day) => [...waiting, ...flying].some((edit) => edit.row === row && edit.day === day);

// Everything that is still on its way for the shown week, to lay over what the server rendered.
export const pending = () => [...flying, ...waiting].filter((edit) => edit.url === state.urls.cells && rowNumber(edit.row) >= 0 && dayNumber(edit.day) >= 0);

export function start() {
  addEventListener("online", flush);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  if (waiting.length) flush();
}

export async function post(url, values = {}, method = "POST") {
  const answer = await fetch(url, {
    method,
    body: method === "POST" ? new URLSearchParams(values) : method === "GET" || method === "DELETE" ? undefined : JSON.stringify(values),
    credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  });
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? words()), { body });
  return body;
}
const words = () => state.words.failed;

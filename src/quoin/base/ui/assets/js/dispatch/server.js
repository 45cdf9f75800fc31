// The doors of the board. Refusals come back as sentences and are shown as they are.
import { state, visitOf, word } from "./model.js";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
export const toast = (text, meaning = "success", undo = null) => document.dispatchEvent(new CustomEvent("quoin:toast", { detail: { text, meaning, undo } }));

export async function ask(name, body) {
  const answer = await fetch(state.urls[name], {
    method: "POST", body: JSON.stringify(body), credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
  }).catch(() => null);
  const told = answer ? await answer.json().catch(() => ({})) : {};
  if (!answer?.ok) throw new Error(told.detail ?? word("failed"));
  return told;
}

export async function suggestion(person, on) {
  const answer = await fetch(`${state.urls.order}?${new URLSearchParams({ person, on })}`, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  const told = answer ? await answer.json().catch(() => ({})) : {};
  if (!answer?.ok) throw new Error(told.detail ?? word("failed"));
  return told;
}

// What others have on the same day changes with it, so the whole board is looked at again.
export async function renew() {
  const asked = new URLSearchParams({ day: state.first, span: String(state.days.length) });
  const answer = await fetch(`${state.urls.state}?${asked}`, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) Object.assign(state, await answer.json());
}

export async function save(visit, values, text) {
  const told = await ask("plan", { ...values });
  Object.assign(visitOf(visit.id), told.visits[0]);
  toast(text, "success", told.undo);
  await renew();
}

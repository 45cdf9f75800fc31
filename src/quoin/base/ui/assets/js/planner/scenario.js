// What the planner would do, put into a scenario instead: the live plan stays as it is, the effect is shown.
import { island, say } from "./model.js";

const BY_ACT = {
  create: (body) => ["booking.add", { person_id: body.person, project_id: body.project, starts_on: body.from, ends_on: body.until, effort: body.effort ?? "percent", amount: body.amount, is_firm: body.firm === true }],
  move: (body) => (body.bookings.length === 1 ? ["booking.move", { booking_id: body.bookings[0], by_days: body.days, ...(body.person ? { person_id: body.person } : {}) }] : null),
  delete: (body) => (body.bookings.length === 1 ? ["booking.remove", { booking_id: body.bookings[0] }] : null),
};

export const canPut = (body) => Boolean(island.urls.scenario && BY_ACT[body?.do]?.(body));

export function put(body, name) {
  const [kind, data] = BY_ACT[body.do](body);
  const form = document.createElement("form");
  form.method = "post";
  form.action = island.urls.scenario;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const fields = { csrfmiddlewaretoken: token, kind, data: JSON.stringify(data), name: name || say("what_if") };
  for (const [key, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = key;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

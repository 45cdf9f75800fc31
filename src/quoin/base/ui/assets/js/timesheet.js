// The island of the weekly timesheet. The page works without it as a plain form; with it, typing never waits.
import { replay, toast } from "./timesheet/edits.js";
import { focus } from "./timesheet/focus.js";
import * as grid from "./timesheet/grid.js";
import { say, state } from "./timesheet/model.js";
import { root, status } from "./timesheet/paint.js";
import * as queue from "./timesheet/queue.js";
import * as rows from "./timesheet/rows.js";

root.classList.add("is-live");
replay();
const today = state.days.findIndex((day) => day.today);
grid.start();
rows.start();
focus(0, today < 0 ? 0 : today, { quiet: document.activeElement !== document.body });
queue.start();
if (!queue.isIdle()) status("offline", say("queued", { count: queue.size() }));

document.querySelector("[data-submit-on-change]")?.addEventListener("change", (event) => event.target.form.submit());

// Copying adds to what is there, so what is typed must have arrived before.
root.querySelector(".ts-copy")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const depth = event.submitter?.value ?? "rows";
  await queue.flush();
  try {
    const { text } = await queue.post(state.urls.copy, { depth });
    document.cookie = `quoin_toast=${encodeURIComponent(JSON.stringify({ text, meaning: "success" }))}; max-age=30; path=/; SameSite=Lax`;
    location.reload();
  } catch (fault) {
    toast(fault.message, "danger");
  }
});

document.addEventListener("quoin:undone", () => location.reload());

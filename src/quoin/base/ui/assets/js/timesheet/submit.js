// Handing the week in: what is still on its way goes first, then the checks are shown, then it is handed in.
import { accept, everywhere, toast } from "./edits.js";
import { make } from "./paint.js";
import { say, state } from "./model.js";
import { flush, isIdle, post } from "./queue.js";

const dialog = document.getElementById("ts-checks");

export async function submit({ accepting = false } = {}) {
  if (state.submitted || !document.querySelector("[data-submit-week]")) return;
  if (accepting) accept(everywhere());
  await flush();
  if (!isIdle()) { toast(say("failed"), "danger"); return; }
  try {
    const { checks } = await post(state.urls.checks, {}, "GET");
    if (checks.length) show(checks);
    else await send();
  } catch (fault) {
    toast(fault.message, "danger");
  }
}

function show(checks) {
  const blocked = checks.some((check) => check.level === "block");
  dialog.querySelector("[data-checks]").replaceChildren(...checks.map((check) => {
    const day = state.days.find((one) => one.on === check.day);
    const text = [check.name, day?.name, check.text].filter(Boolean).join(" · ");
    const jump = make("button", { type: "button", class: `ts-check is-${check.level}` }, text);
    jump.addEventListener("click", () => {
      dialog.close();
      const row = check.row || state.rows[0]?.key;
      dispatchEvent(new CustomEvent("quoin:jump", { detail: { row, day: check.day || state.days[0].on } }));
    });
    return make("li", {}, jump);
  }));
  const yes = dialog.querySelector("[data-checks-yes]");
  yes.disabled = blocked;
  dialog.showModal();
  (blocked ? dialog.querySelector("[data-checks-no]") : yes).focus();
}

async function send() {
  const { text } = await post(state.urls.submit);
  document.cookie = `quoin_toast=${encodeURIComponent(JSON.stringify({ text, meaning: "success" }))}; max-age=30; path=/; SameSite=Lax`;
  location.reload();
}

dialog.querySelector("[data-checks-no]").addEventListener("click", () => dialog.close());
dialog.querySelector("[data-checks-yes]").addEventListener("click", async () => {
  dialog.close();
  try { await send(); } catch (fault) { toast(fault.message, "danger"); }
});

// Confirmation for what cannot be undone: says the effect, repeats the verb, asks mass actions to type the count.
import { one, text } from "./core.js";

const dialog = one("#confirm");

export function ask({ question, detail = "", verb = text("confirm"), count = "", isDanger = false }) {
  one("h2", dialog).textContent = question;
  one("[data-text]", dialog).textContent = detail;
  const yes = one("[data-yes]", dialog);
  const no = one("[data-no]", dialog);
  const label = one("[data-count]", dialog);
  const input = one("input", label);
  yes.textContent = verb;
  yes.classList.toggle("btn-danger", isDanger);
  yes.classList.toggle("btn-primary", !isDanger);
  label.hidden = !count;
  input.value = "";
  one("[data-count-label]", dialog).textContent = text("type_count", { count });
  const check = () => { yes.disabled = Boolean(count) && input.value.trim() !== String(count); };
  check();
  return new Promise((resolve) => {
    let answer = false;
    const accept = () => { if (!yes.disabled) { answer = true; dialog.close(); } };
    const refuse = () => dialog.close();
    const typed = (event) => { if (event.key === "Enter") { event.preventDefault(); accept(); } };
    input.addEventListener("input", check);
    input.addEventListener("keydown", typed);
    yes.addEventListener("click", accept);
    no.addEventListener("click", refuse);
    dialog.addEventListener("close", () => {
      input.removeEventListener("input", check);
      input.removeEventListener("keydown", typed);
      yes.removeEventListener("click", accept);
      no.removeEventListener("click", refuse);
      resolve(answer);
    }, { once: true });
    dialog.showModal();
    (count ? input : no).focus();
  });
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const from = event.target.dataset ?? {};
  const verb = from.confirmVerb ?? event.target.textContent?.trim();
  ask({ question: event.detail.question, verb: verb || undefined, count: from.confirmCount }).then((yes) => { if (yes) event.detail.issueRequest(true); });
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.confirm || button.dataset.confirmed) return;
  event.preventDefault();
  event.stopPropagation();
  const { confirm: question, confirmDetail: detail, confirmCount: count } = button.dataset;
  ask({ question, detail, count, verb: button.textContent.trim(), isDanger: button.classList.contains("btn-danger") }).then((yes) => {
    if (!yes) { button.focus(); return; }
    button.dataset.confirmed = "1";
    button.click();
    delete button.dataset.confirmed;
  });
}, true);

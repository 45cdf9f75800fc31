// htmx with explicit attributes only, morphing swaps that keep focus and scroll, and our error answers.
import { Idiomorph } from "idiomorph";
import htmx from "htmx.org";
import { announce, emit, text, token } from "./core.js";

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    return Idiomorph.morph(target, fragment.children, {
      morphStyle: "outerHTML",
      ignoreActiveValue: true,
      restoreFocus: true,
      callbacks: { beforeNodeMorphed: (old) => !(old instanceof Element && old.matches(":popover-open")) },
    });
  },
});
document.body.setAttribute("hx-ext", "morph");

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
  if (event.target.closest?.(".drawer")) event.detail.headers["X-Drawer"] = "1";
});

const complain = (message) => emit("quoin:toast", { text: message, meaning: "danger" });
document.addEventListener("htmx:sendError", () => complain(text("failed")));
document.addEventListener("htmx:timeout", () => complain(text("failed")));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const reference = event.detail.xhr.getResponseHeader("X-Request-Id");
  if (status === 403) complain(text("forbidden"));
  else if (status >= 500) complain(reference ? `${text("failed")} ${text("reference")} ${reference}` : text("failed"));
});

// What a list found is spoken once the new rows stand.
document.addEventListener("htmx:afterSettle", (event) => {
  const list = event.target.closest?.("[data-result]");
  if (list) announce(list.dataset.result);
  event.target.querySelector?.("[data-summary]")?.focus();
});

export default htmx;

// The banner of lost connection; islands with a queue write their count into it.
import { emit, one, text } from "./core.js";

const banner = one("#offline");
let queued = 0;

function show() {
  if (!banner) return;
  banner.hidden = navigator.onLine;
  banner.textContent = navigator.onLine ? "" : text("offline") + (queued ? ` (${queued})` : "");
}
document.addEventListener("quoin:queue", (event) => { queued = event.detail.count; show(); });
addEventListener("offline", show);
addEventListener("online", () => { show(); emit("quoin:toast", { text: text("online"), meaning: "info" }); });
show();

// Forms marked data-guard ask before their typed input is thrown away.
import { all, on, text } from "./core.js";

const dirty = new WeakSet();
on("input", "form[data-guard]", (_event, form) => dirty.add(form));
on("submit", "form[data-guard]", (_event, form) => dirty.delete(form));
document.addEventListener("htmx:beforeRequest", (event) => dirty.delete(event.target));

const held = () => all("form[data-guard]").some((form) => dirty.has(form));
addEventListener("beforeunload", (event) => { if (held()) { event.preventDefault(); event.returnValue = text("leave"); } });

// Entry of portals: fragments, toasts and confirmation; no palette, no single keys.
import "./http.js";
import "./theme-switch.js";
import "./toast.js";
import "./confirm.js";
import "./menu.js";
import "./drawer.js";
import "./guard.js";
import "./offline.js";

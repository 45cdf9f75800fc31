// Entry of the shell. Each module wires itself to the document once; content that arrives later needs no set-up.
import "./http.js";
import "./theme-switch.js";
import "./toast.js";
import "./confirm.js";
import "./menu.js";
import "./drawer.js";
import "./cell.js";
import "./table.js";
import "./palette.js";
import "./help.js";
import "./keys.js";
import "./timer.js";
import "./guard.js";
import "./offline.js";
import "./tabs.js";

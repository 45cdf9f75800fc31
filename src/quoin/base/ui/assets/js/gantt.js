// The island of the plan: a grid that assistive technology reads, and bars beside it. The server does the scheduling.
import * as drag from "./gantt/drag.js";
import * as gates from "./gantt/gates.js";
import * as grid from "./gantt/grid.js";
import { island, load, root, state, toast } from "./gantt/model.js";
import * as panels from "./gantt/panels.js";
import { fitRange } from "./gantt/scale.js";
import { count, paint, show } from "./gantt/view.js";

try {
  await load();
  fitRange();
  paint();
  show(island.isTimeline ? island.today - 30 * 1440 : Math.min(island.today, ...state.rows.slice(0, 200).map((row) => row.start ?? Infinity)));
  count();
  root.classList.add("is-live");
  grid.start();
  drag.start();
  panels.start();
  gates.start();
  paint();
} catch (fault) {
  toast({ text: fault.message, meaning: "danger" });
} finally {
  root.querySelector("[data-scroll]").removeAttribute("aria-busy");
}

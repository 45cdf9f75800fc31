// The island of the planner: people by time, drawn only where one looks. The server spreads hours and judges capacity.
import * as book from "./planner/book.js";
import * as drag from "./planner/drag.js";
import * as grid from "./planner/grid.js";
import { island, load, root, settings, state, toast } from "./planner/model.js";
import * as panels from "./planner/panels.js";
import { measure, paint, show } from "./planner/view.js";

const isPhone = matchMedia("(max-width: 640px)").matches && !new URL(location.href).searchParams.has("grid");
if (isPhone) location.replace(root.closest("main").querySelector('a[href$="/planner/list"]').href);
else {
  try {
    await load();
    measure();
    grid.start();
    drag.start();
    book.start();
    panels.start();
    root.classList.add("is-live");
    paint();
    show(Math.max(0, state.todayColumn - 1));
  } catch (fault) {
    toast({ text: fault.message, meaning: "danger" });
  } finally {
    root.querySelector("[data-scroll]").removeAttribute("aria-busy");
  }
}
addEventListener("resize", () => { measure(); paint(); });
if (island.live) panels.listen(settings);

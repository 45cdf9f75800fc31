// The island of the dispatch board: mouse, keyboard and menu do the same things.
import { drags } from "./dispatch/drag.js";
import { keys, pick } from "./dispatch/keys.js";
import { clock, dayName, rowOf, state, visitOf, wish, word, worst } from "./dispatch/model.js";
import { menu, orders } from "./dispatch/menu.js";
import { paint, why } from "./dispatch/paint.js";
import { ask, renew, save, toast } from "./dispatch/server.js";

async function drop(visit, goal) {
  const wanted = wish(visit, goal);
  const day = wanted.on ? dayName(wanted.on) : "";
  const text = wanted.on
    ? word("moved", { title: visit.title, name: [...wanted.crew, ...wanted.equipment].map((id) => (rowOf(id) ?? state.others.find((one) => one.id === id))?.name).filter(Boolean).join(", ") || "–", day, time: clock(wanted.minute) })
    : `${visit.title}: ${word("tray")}`;
  try {
    await save(visit, wanted, text);
  } catch (fault) {
    toast(fault.message, "danger");
    await renew();
  }
  paint(visit.id);
  why(visitOf(visit.id)?.against ?? []);
}

async function publish(ids) {
  if (!ids.length) { toast(word("nothing"), "info"); return; }
  try {
    const told = await ask("publish", { visits: ids });
    toast(word("published"), "success", told.undo);
  } catch (fault) {
    toast(fault.message, "danger");
  }
  await renew();
  paint(ids[0]);
}

function open(visit, row) {
  menu(visit, {
    drop, publish,
    move: () => pick(document.querySelector(`[data-visit="${visit.id}"][data-row="${row ?? ""}"]`) ?? document.querySelector(`[data-visit="${visit.id}"]`), visit),
  });
}

document.addEventListener("click", (event) => {
  const node = event.target.closest("[data-visit]");
  if (node) { open(visitOf(node.dataset.visit), node.dataset.row); return; }
  const order = event.target.closest("[data-order]");
  if (order) suggest(order.dataset.order);
});

// The first day shown on which the person has drafts.
async function suggest(person) {
  const on = state.days.map((day) => day.on).find((day) => state.visits.filter((visit) => visit.on === day && visit.crew.includes(person)).length > 1) ?? state.first;
  try {
    await orders(person, on, async () => {
      try {
        const told = await ask("order", { person, on });
        toast(word("placed"), "success", told.undo);
      } catch (fault) {
        toast(fault.message, "danger");
      }
      await renew();
      paint();
    });
  } catch (fault) {
    toast(fault.message, "danger");
  }
}

document.querySelector("[data-publish-all]")?.addEventListener("click", () => publish(state.visits.filter((visit) => visit.on && visit.status === "draft" && worst(visit) !== "hard" && visit.crew.length).map((visit) => visit.id)));
document.addEventListener("quoin:undone", (event) => { event.preventDefault(); renew().then(() => paint()); });
document.addEventListener("focusin", (event) => {
  const node = event.target.closest?.("[data-visit]");
  if (node && visitOf(node.dataset.visit)?.against.length) why(visitOf(node.dataset.visit).against);
});
drags(drop);
keys({ drop, menu: open, publish });
paint();

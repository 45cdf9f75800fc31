// What gates still ask for, in a panel: from the diamond before a phase, the button, or its key.
import { current, dates, island, one, say, state } from "./model.js";
import { focus, parts, show } from "./view.js";

const panel = one("[data-gates-panel]");

function line(gate) {
  const item = document.createElement("li");
  const phase = state.byNumber.get(gate.row);
  const head = document.createElement("p");
  head.append(Object.assign(document.createElement("strong"), { textContent: gate.name }), ` ${say("gate_before", { phase: phase?.name ?? "" })} · ${gate.status} · ${say("gate_met", gate)}`);
  item.append(head);
  if (gate.missing.length) item.append(Object.assign(document.createElement("p"), { textContent: say("gate_missing", { what: gate.missing.join("; ") }) }));
  const buttons = Object.assign(document.createElement("p"), { className: "gantt-gate-actions" });
  const stand = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: say("show_row") });
  stand.setAttribute("aria-label", `${say("show_row")}: ${phase?.name ?? gate.name}`);
  stand.addEventListener("click", () => {
    panel.close();
    if (!state.place.has(gate.row)) return;
    state.at = state.place.get(gate.row);
    show(dates(current()).start ?? island.today);
    focus();
  });
  const link = Object.assign(document.createElement("a"), { className: "btn btn-small btn-ghost", href: gate.url, textContent: say("gate_page") });
  link.setAttribute("aria-label", `${say("gate_page")}: ${gate.name}`);
  buttons.append(stand, link);
  item.append(buttons);
  return item;
}

// The gates of a row come first, then those that hold the row with the focus.
function open(number) {
  const name = state.held[number ?? current()?.number];
  const rank = (gate) => (gate.row === number ? 0 : gate.name === name ? 1 : 2);
  one("ul", panel).replaceChildren(...[...state.gates].sort((gate, other) => rank(gate) - rank(other)).map(line));
  panel.showModal();
}

export function start() {
  const button = one('[data-do="gates"]');
  if (!panel || !button) return;
  const count = () => { button.hidden = !state.gates.length; };
  count();
  document.addEventListener("gantt:loaded", count);
  button.addEventListener("click", () => open());
  parts.drawing.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-gate]");
    if (mark) open(Number(mark.dataset.gate));
  });
}

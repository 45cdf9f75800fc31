// What stands around the chart: zoom, marks, people by week, why the end is where it is, columns, adding a row.
import { CHOICES, names } from "./columns.js";
import { isOpen, level, propose, revert } from "./effect.js";
import { DAY, announce, ask, chosen, current, dates, island, keep, one, root, say, settings, state, toast, written } from "./model.js";
import { ZOOMS, fitRange, minuteAt, scale, x } from "./scale.js";
import { focus, paint, parts, show } from "./view.js";
import { savePng, saveSvg } from "./picture.js";


export function zoom(name) {
  const middle = minuteAt(parts.scroll.scrollLeft + 100);
  keep({ zoom: name, perDay: undefined });
  fitRange();
  paint();
  parts.scroll.scrollLeft = x(middle) - 100;
  const select = one("[data-zoom]");
  if (select) select.value = ZOOMS[name] ? name : "week";
}

function fit() {
  const dated = state.rows.filter((row) => row.start != null);
  if (!dated.length) return;
  const first = Math.min(...dated.map((row) => row.start));
  const last = Math.max(...dated.map((row) => row.finish));
  const room = parts.scroll.clientWidth - parts.pane.offsetWidth - 80;
  const perDay = Math.min(48, Math.max(0.4, room / Math.max((last - first) / DAY, 1)));
  scale.perDay = perDay;
  paint();
  parts.scroll.scrollLeft = x(first) - 24;
}

async function why() {
  const panel = one("[data-why]");
  try {
    const { chain } = await ask(island.urls.why);
    const list = one("ol", panel);
    list.replaceChildren(...chain.map(({ number, name, why: reason }) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-ghost btn-small", textContent: `${number} ${name}` });
      button.addEventListener("click", () => { panel.close(); stand(number); });
      item.append(button, ` ${reason}`);
      return item;
    }));
    one("p", panel).textContent = chain.length ? "" : say("no_critical");
    panel.showModal();
  } catch (fault) { toast({ text: fault.message, meaning: "danger" }); }
}

function stand(number) {
  if (!state.place.has(number)) return;
  state.at = state.place.get(number);
  show(dates(current()).start ?? island.today);
  focus();
}

const heat = (percent) => (percent === 0 ? 0 : percent < 50 ? 1 : percent < 80 ? 2 : percent < 95 ? 3 : percent <= 100 ? 4 : percent <= 120 ? 5 : 6);

export async function people() {
  const place = one("[data-people]");
  place.hidden = !settings.people;
  if (!settings.people || !island.urls.people) return;
  try {
    const found = await ask(island.urls.people);
    const head = found.people[0]?.weeks.map(([at]) => `<th scope="col"><span class="sr-only">${say("week")} </span>${written(at)}</th>`).join("") ?? "";
    const body = found.people.map(({ name, weeks }) => {
      const who = document.createElement("span");
      who.textContent = name;
      const cells = weeks.map(([, percent, planned, booked, capacity]) => {
        const share = booked && capacity ? `<small> · ${say("booked", { percent: Math.round((booked * 100) / capacity) })}</small>` : "";
        return `<td class="heat heat-${heat(percent)}">${percent ? `${percent > 100 ? "▲" : ""}${percent}` : capacity || planned ? "–" : ""}${share}</td>`;
      }).join("");
      return `<tr><th scope="row">${who.innerHTML}</th>${cells}</tr>`;
    }).join("");
    place.innerHTML = found.people.length ? `<table class="gantt-load"><caption>${say("people_strip")}</caption><thead><tr><th scope="col">${say("people")}</th>${head}</tr></thead><tbody>${body}</tbody></table>` : `<p>${say("none")}</p>`;
  } catch (fault) { toast({ text: fault.message, meaning: "danger" }); }
}

async function proposeLevel(form) {
  if (isOpen()) revert({ quiet: true });
  form.closest("[popover]")?.hidePopover();
  const way = new URLSearchParams(new FormData(form)).toString();
  announce(say("trying"));
  try {
    const found = await ask(`${island.urls.level}?try=1&${way}`, {});
    if (!found.changes && !found.reasons.length) { toast({ text: say("nobody_over"), meaning: "info" }); announce(say("nobody_over")); return; }
    level(found, way);
  } catch (fault) { toast({ text: fault.message, meaning: "danger" }); }
}

// Tasks of other projects are found by words; the one chosen holds the task of the current row.
function across(form) {
  const field = one("input", form);
  const list = one("datalist", form);
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        const { tasks } = await ask(`${island.urls.tasks}?q=${encodeURIComponent(field.value)}`);
        list.replaceChildren(...tasks.map(({ project, number, name, project_name: of }) => Object.assign(document.createElement("option"), { value: `${project}:${number}`, label: `${name} · ${of}` })));
      } catch { list.replaceChildren(); }
    }, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = current();
    if (!row || !field.value.trim()) return;
    form.closest("[popover]")?.hidePopover();
    propose({ op: "link", before: field.value.trim(), after: row.number });
    form.reset();
    focus();
  });
}

function chooseColumns(menu) {
  const now = new Set(names());
  menu.replaceChildren(...CHOICES.map((name) => {
    const label = document.createElement("label");
    label.className = "check menu-item";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked: now.has(name), disabled: name === "name" });
    box.addEventListener("change", () => {
      const wanted = CHOICES.filter((other) => one(`input[value="${other}"]`, menu).checked);
      keep({ columns: wanted, pane: 0 });
      state.column = wanted.indexOf("name");
      paint();
    });
    label.append(box, ` ${say(name)}`);
    return label;
  }));
}

function splitter(handle) {
  const resize = (wide) => { keep({ pane: Math.round(wide) }); paint(); handle.setAttribute("aria-valuenow", Math.round(parts.pane.offsetWidth)); };
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    const left = parts.scroll.getBoundingClientRect().left;
    const move = (to) => resize(to.clientX - left);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (!by) return;
    event.preventDefault();
    resize(parts.pane.offsetWidth + by);
  });
}

const press = (name, handler) => root.querySelectorAll(`[data-do="${name}"]`).forEach((button) => button.addEventListener("click", handler));

export function start() {
  one("[data-zoom]")?.addEventListener("change", (event) => zoom(event.target.value));
  const select = one("[data-zoom]");
  if (select) select.value = settings.zoom;
  for (const box of root.querySelectorAll("[data-set]")) {
    box.checked = settings[box.dataset.set];
    box.addEventListener("change", () => {
      keep({ [box.dataset.set]: box.checked });
      if (box.dataset.set === "people") people(); else paint();
    });
  }
  press("fit", fit);
  press("today", () => show(island.today));
  press("why", why);
  one("[data-level-form]")?.addEventListener("submit", (event) => { event.preventDefault(); proposeLevel(event.target); });
  press("link", () => { focus(); document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "k", bubbles: true, cancelable: true })); });
  press("indent", () => propose({ op: "indent", tasks: chosen() }));
  press("outdent", () => propose({ op: "outdent", tasks: chosen() }));
  press("delete", () => chosen().length && propose({ op: "remove", tasks: chosen() }));
  const pictures = { png: savePng, svg: saveSvg, print: () => print() };
  for (const button of document.querySelectorAll("[data-picture]")) button.addEventListener("click", () => { button.closest("[popover]")?.hidePopover(); pictures[button.dataset.picture](); });
  one("[data-move-form]")?.addEventListener("submit", (event) => {
    // The menu twin of dragging: the same move, typed.
    event.preventDefault();
    const form = new FormData(event.target);
    event.target.closest("[popover]")?.hidePopover();
    const field = String(form.get("field"));
    propose({ op: "set", tasks: chosen(), field, text: String(form.get("text")) });
    focus();
  });
  const outside = one("[data-across-form]");
  if (outside) across(outside);
  one("[data-baseline]")?.addEventListener("change", (event) => {
    const url = new URL(location.href);
    if (event.target.value) url.searchParams.set("compare", event.target.value); else url.searchParams.delete("compare");
    location.assign(url);
  });
  one("[data-columns]")?.addEventListener("beforetoggle", (event) => chooseColumns(event.target));
  const handle = one("[data-splitter]");
  if (handle) splitter(handle);
  one("[data-add]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = one("input", event.target);
    if (!field.value.trim()) return;
    propose({ op: "add", after: current()?.number ?? null, text: field.value });
    field.value = "";
  });
  for (const close of root.querySelectorAll("[data-close-panel]")) close.addEventListener("click", () => close.closest("dialog").close());
  people();
}

// The chart as a picture: the rows that are shown, with their names, as SVG or PNG in the colours of the page.
import { bars, links, now } from "./bars.js";
import { dates, island, state } from "./model.js";
import { axis, ground, x } from "./scale.js";

const LABELS = 260;
const HEAD = 40;
const MOST_ROWS = 400;
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const COPIED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "opacity"];

function drawing() {
  const count = Math.min(state.visible.length, MOST_ROWS);
  const dated = state.visible.slice(0, count).map(dates).filter((row) => row.start != null);
  const left = Math.max(0, x(Math.min(island.today, ...dated.map((row) => row.start))) - 40);
  const right = x(Math.max(island.today, ...dated.map((row) => row.finish))) + 180;
  const high = count * state.rowHeight;
  const names = state.visible.slice(0, count).map((row, at) => `<text class="g-label" x="${8 + row.level * 12}" y="${HEAD + at * state.rowHeight + state.rowHeight / 2 + 4}">${escape(row.name.length > 34 ? `${row.name.slice(0, 32)}…` : row.name)}</text>`).join("");
  const wide = LABELS + right - left;
  const tip = document.querySelector(".gantt-marks").innerHTML;
  const body = `<rect class="g-paper" width="${wide}" height="${high + HEAD}"/>${tip}${names}<svg x="${LABELS}" width="${right - left}" height="${HEAD}" viewBox="${left} 0 ${right - left} ${HEAD}">${axis(left, right)}</svg><svg x="${LABELS}" y="${HEAD}" width="${right - left}" height="${high}" viewBox="${left} 0 ${right - left} ${high}">${ground(left, right, 0, high)}${now(0, high)}${links(0, count)}${bars(0, count)}</svg>`;
  const host = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  host.setAttribute("width", wide);
  host.setAttribute("height", high + HEAD);
  host.setAttribute("class", "gantt-picture");
  host.innerHTML = body;
  document.getElementById("gantt").append(host);
  // Classes mean nothing outside the page: every mark carries its own colours.
  for (const mark of host.querySelectorAll("path, rect, line, text, circle")) {
    const style = getComputedStyle(mark);
    for (const name of COPIED) mark.setAttribute(name, style.getPropertyValue(name));
    if (mark.matches("text")) mark.setAttribute("font-family", "sans-serif");
  }
  host.remove();
  host.removeAttribute("class");
  return { text: new XMLSerializer().serializeToString(host), wide, high: high + HEAD };
}

function hand(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `plan-${island.project || "projects"}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function saveSvg() {
  hand(new Blob([drawing().text], { type: "image/svg+xml" }), "svg");
}

export async function savePng() {
  const { text, wide, high } = drawing();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const factor = Math.min(2, 16000 / Math.max(wide, high));
  const canvas = Object.assign(document.createElement("canvas"), { width: wide * factor, height: high * factor });
  const context = canvas.getContext("2d");
  context.scale(factor, factor);
  context.drawImage(image, 0, 0);
  canvas.toBlob((blob) => hand(blob, "png"), "image/png");
}

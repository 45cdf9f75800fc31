// The page of shortcuts: the fixed map, where `g` and `n` lead, and what this page adds with data-key. Keys that an
// island listens to by itself are told with data-help-key.
import { all, config, element, on, one, text } from "./core.js";
import { set } from "./theme-switch.js";

const FIXED = [
  ["Ctrl K", "key_palette"], ["?", "key_help"], ["/", "key_search"], ["j k", "key_move"], ["Space", "key_peek"], ["Enter", "key_open"],
  ["x", "key_select"], ["Shift X", "key_range"], ["e", "key_edit"], ["z", "key_undo"], ["Shift Z", "key_changes"], ["h", "key_history"],
  ["l", "key_link"], ["f", "key_filter"], ["v", "key_views"], [".", "key_actions"], ["[", "key_sidebar"], ["Alt 1…9", "key_view_number"],
];

const section = (title, pairs) => pairs.length
  ? [element("section", {}, element("h3", {}, title), element("dl", {}, ...pairs.map(([keys, label]) =>
      element("div", {}, element("dt", {}, label), element("dd", { class: "keys" }, ...keys.split(" ").map((key) => element("kbd", {}, key)))))))]
  : [];

export function showHelp() {
  const dialog = one("#help");
  if (!dialog || dialog.open) return;
  const here = all("[data-key], [data-help-key]").map((target) => [target.dataset.key ?? target.dataset.helpKey, target.dataset.keyLabel ?? target.getAttribute("aria-label") ?? target.textContent.replace(/\s+/g, " ").trim()]);
  const own = all("[data-keys-help] dt").map((term) => [term.textContent.trim().replace(/\s+/g, " "), term.nextElementSibling.textContent]);
  one("[data-help-body]", dialog).replaceChildren(
    ...section(text("on_this_page"), [...here, ...own]),
    ...section(text("shortcuts"), FIXED.map(([keys, name]) => [keys, text(name)])),
    ...section(text("go_to"), config.go.map((target) => [`g ${target.key}`, target.label])),
    ...section(text("create"), config.create.map((target) => [`n ${target.key}`, target.label])),
  );
  one("[data-keys-off]", dialog).checked = isOff();
  dialog.showModal();
}

export const isOff = () => document.documentElement.dataset.shortcuts === "off";

on("click", "[data-help]", showHelp);
on("click", "dialog [data-close]", (_event, button) => button.closest("dialog").close());
on("change", "[data-keys-off]", (_event, box) => set("shortcuts", box.checked ? "off" : "on", "on"));

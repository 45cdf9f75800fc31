// Where the tabs are wider than the screen, the current one is brought into sight.
import { all } from "./core.js";

for (const tab of all(".tabs [aria-current]")) {
  const row = tab.closest("ul");
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

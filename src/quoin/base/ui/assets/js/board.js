// Cards of the board: dragged to another column, or moved by their menu. Both post the same form.
const board = document.querySelector("[data-board]");
let held = null;

function move(card, status) {
  const select = card.querySelector("[data-status-of]");
  select.value = status;
  select.form.requestSubmit();
}

board?.addEventListener("dragstart", (event) => { held = event.target.closest("[data-card]"); event.dataTransfer?.setData("text/plain", ""); });
board?.addEventListener("dragend", () => { held = null; for (const column of board.children) column.classList.remove("is-over"); });
board?.addEventListener("dragover", (event) => {
  const column = event.target.closest("[data-status]");
  if (!held || !column) return;
  event.preventDefault();
  for (const other of board.children) other.classList.toggle("is-over", other === column);
});
board?.addEventListener("drop", (event) => {
  const column = event.target.closest("[data-status]");
  if (!held || !column) return;
  event.preventDefault();
  if (held.closest("[data-status]") !== column) move(held, column.dataset.status);
});
board?.addEventListener("change", (event) => { if (event.target.matches("[data-status-of]")) event.target.form.requestSubmit(); });

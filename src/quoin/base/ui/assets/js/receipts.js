// Receipts dropped on the list, and the form that shows only the fields of the chosen kind of expense.
const zone = document.querySelector("[data-drop]");
if (zone) {
  const field = zone.querySelector("input[type=file]");
  field.addEventListener("change", () => { if (field.files.length) zone.submit(); });
  let depth = 0;
  document.addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) { depth += 1; zone.classList.add("is-over"); } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) zone.classList.remove("is-over"); });
  document.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    depth = 0;
    zone.classList.remove("is-over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    zone.submit();
  });
}

const form = document.querySelector("[data-expense]");
const kinds = document.getElementById("expense-kinds");
if (form && kinds) {
  const known = JSON.parse(kinds.textContent);
  const category = form.elements.category_id;
  const box = (name) => form.elements[name]?.closest(".field");
  const show = () => {
    const isReceipt = (known[category.value] ?? "receipt") === "receipt";
    for (const name of ["gross_amount", "vat_amount", "currency"]) box(name).hidden = !isReceipt;
    box("quantity").hidden = isReceipt;
  };
  category.addEventListener("change", show);
  show();
}

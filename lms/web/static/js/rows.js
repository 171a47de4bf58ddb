/* 'Add a row' without a new page. Without scripts the same button asks the server. */

const tableOf = (key) => document.querySelector(`table[data-rows="${CSS.escape(key)}"]`);

export function addRow(table) {
  const rows = table.querySelectorAll("tbody tr");
  const most = Number(table.dataset.rowsMax) || 200;
  if (rows.length >= most) return null;
  const last = rows[rows.length - 1];
  const [old, number] = [last.dataset.row, String(Number(last.dataset.row) + 1)];
  const row = last.cloneNode(true);
  row.dataset.row = number;
  const renumber = (text) => text.replace(new RegExp(`([:-])${old}(?=$|-| )`, "g"), `$1${number}`);
  for (const element of row.querySelectorAll("[name], [id], [aria-describedby], [aria-label]")) {
    for (const attribute of ["name", "id", "aria-describedby"]) {
      if (element.hasAttribute(attribute)) element.setAttribute(attribute, renumber(element.getAttribute(attribute)));
    }
    if (element.ariaLabel) element.ariaLabel = element.ariaLabel.replace(`row ${old}`, `row ${number}`);
  }
  for (const legend of row.querySelectorAll("legend")) {
    legend.textContent = legend.textContent.replace(`row ${old}`, `row ${number}`);
  }
  for (const input of row.querySelectorAll("input, textarea, select")) {
    if (input.type === "checkbox" || input.type === "radio") input.checked = false;
    else input.value = "";
    input.removeAttribute("aria-invalid");
  }
  row.querySelectorAll(".error-msg, .earlier").forEach((line) => line.remove());
  last.after(row);
  return row;
}

/* Enough rows to hold inputs of these names. */
export function growTo(box, names) {
  for (const table of box.querySelectorAll("table[data-rows]")) {
    const columns = new Set([...table.querySelectorAll("[name]")].map((input) => input.name.split(":")[0]));
    const needed = names
      .map((name) => name.split(":"))
      .filter(([column, row]) => row && columns.has(column))
      .map(([, row]) => Number(row));
    while (table.querySelectorAll("tbody tr").length < Math.max(0, ...needed)) {
      if (!addRow(table)) break;
    }
  }
}

export function watchRows() {
  document.querySelectorAll("[data-add-row]").forEach((button) => {
    button.addEventListener("click", (event) => {
      const row = addRow(tableOf(button.dataset.addRow));
      event.preventDefault();
      if (row) row.querySelector("input, textarea, select").focus();
      else button.hidden = true;
    });
  });
}

/* Comfort for learners' pages: drafts, word counts, rows, order. Every page works without it. */

import { watchDrafts } from "./drafts.js";
import { watchOrder } from "./order.js";
import { watchRows } from "./rows.js";
import { watchLimits, watchWords } from "./words.js";

/* Drafts save themselves here: the buttons for it are for pages without scripts. */
document.querySelectorAll("[data-manual-save]").forEach((button) => { button.hidden = true; });

watchOrder();
watchRows();
watchLimits();
watchWords();
watchDrafts();

/* What a line holds is printed as text, beside the line itself. */
addEventListener("beforeprint", () => {
  document.querySelectorAll("input + .printed").forEach((text) => { text.textContent = text.previousElementSibling.value; });
  document.querySelectorAll("input[type=date]").forEach((input) => { input.setAttribute("value", input.value); });
});

/* The lesson was opened: said once, so that 'resume' finds the way back here. */
document.querySelectorAll("form[data-opened]").forEach((form) => {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, owner: form.elements.owner.value });
  fetch(form.dataset.opened, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => {});
});

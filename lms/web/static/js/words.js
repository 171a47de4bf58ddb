/* Word count: shows the target, never scolds, and counts by the server's rule (lms/responses/words.py).
   Limits: says that a text is too long and by how much. Nothing is cut: `maxlength` would end a paste in silence. */

const BREAKS = /[\s\u2013\u2014\u2015/\u2026]+/u;
const UNSPACED = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;

export function countWords(text) {
  const unspaced = (text.match(UNSPACED) || []).length;
  const pieces = text.replace(UNSPACED, " ").split(BREAKS);
  return unspaced + pieces.filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
}

export function watchWords() {
  document.querySelectorAll("textarea[data-words-min]").forEach((area) => {
    const line = document.getElementById(`${area.id}-count`);
    if (!line) return;
    const { wordsMin: least, wordsMax: most } = area.dataset;
    const aim = most ? `Aim for ${least} to ${most}.` : `At least ${least}.`;
    const count = () => {
      const words = countWords(area.value);
      line.textContent = `${words} ${words === 1 ? "word" : "words"}. ${aim}`;
    };
    area.addEventListener("input", count);
    count();
  });
}

export function watchLimits() {
  document.querySelectorAll("[data-limit]").forEach((box) => {
    const most = Number(box.dataset.limit);
    let line = null;
    const look = () => {
      const over = box.value.length > most ? [...box.value].length - most : 0;
      if (over > 0 && !line) line = place(box);
      if (line) line.hidden = over <= 0;
      if (over > 0) line.textContent = `${over} more than the ${most.toLocaleString("en")} characters that fit. All of it is kept: shorten it before you send it.`;
    };
    box.addEventListener("input", look);
    look();
  });
}

function place(box) {
  const line = document.createElement("p");
  line.className = "error-msg no-print";
  line.setAttribute("role", "status");
  const printed = box.nextElementSibling;
  (printed && printed.matches(".printed") ? printed : box).after(line);
  return line;
}

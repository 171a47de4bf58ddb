/* The inputs of one draft, as name and value pairs, and back. An input belongs to the nearest element
   around it that carries data-draft. */

export const unitOf = (element) => element.closest("[data-draft]");

export function inputsOf(box) {
  return [...box.querySelectorAll("input, textarea, select")].filter(
    (input) => input.name && !input.disabled && unitOf(input) === box && !input.name.startsWith("revision:"),
  );
}

const ticks = (input) => input.type === "checkbox" || input.type === "radio";

export function pairs(box) {
  return inputsOf(box)
    .filter((input) => !ticks(input) || input.checked)
    .map((input) => [input.name, input.value.replace(/\r\n?/g, "\n")]);
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/* Puts `values` back. Returns whether anything changed. */
export function fill(box, values) {
  const before = pairs(box);
  const left = values.map(([name, value]) => ({ name, value }));
  const take = (name, value) => {
    const at = left.findIndex((pair) => pair.name === name && (value === undefined || pair.value === value));
    return at < 0 ? null : left.splice(at, 1)[0].value;
  };
  for (const input of inputsOf(box)) {
    if (ticks(input)) input.checked = take(input.name, input.value) !== null;
    else if (input.type === "hidden") take(input.name);
    else input.value = take(input.name) ?? "";
  }
  return !same(before, pairs(box));
}

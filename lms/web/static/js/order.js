/* Steps put in order by buttons. The numbers stay the inputs that are sent. */

export function watchOrder() {
  document.querySelectorAll("[data-order]").forEach((list) => {
    const say = document.createElement("p");
    say.className = "visually-hidden";
    say.setAttribute("role", "status");
    list.after(say);
    for (const step of list.children) {
      const words = step.querySelector("label").lastChild.textContent.trim();
      const moves = document.createElement("span");
      moves.className = "step-moves";
      moves.append(button("Up", words, () => move(list, step, -1, say)), button("Down", words, () => move(list, step, 1, say)));
      step.querySelector(".step-line").append(moves);
    }
  });
}

function button(text, words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-quiet btn-sm";
  made.textContent = text;
  const hidden = document.createElement("span");
  hidden.className = "visually-hidden";
  hidden.textContent = `: ${words}`;
  made.append(hidden);
  made.addEventListener("click", () => { action(); made.focus(); });
  return made;
}

function move(list, step, by, say) {
  const steps = [...list.children];
  const to = steps.indexOf(step) + by;
  if (to >= 0 && to < steps.length) {
    if (by < 0) steps[to].before(step);
    else steps[to].after(step);
  }
  const now = [...list.children];
  now.forEach((each, place) => { each.querySelector(".step-number").value = place + 1; });
  say.textContent = `Step ${now.indexOf(step) + 1} of ${now.length}`;
  step.querySelector(".step-number").dispatchEvent(new Event("input", { bubbles: true }));
}

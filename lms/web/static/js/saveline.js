/* The line that says whether what was typed is saved. What is seen changes at once; what is spoken only
   when a save has ended, at most every 20 seconds, so that nobody is interrupted while writing. */

const ICONS = { dirty: "pencil-line", saving: "cloud-upload", saved: "cloud-check", failed: "cloud-off" };
const QUIET = 20000;

export class SaveLine {
  constructor() {
    this.lines = [...document.querySelectorAll("[data-save]")];
    this.say = document.querySelector("[data-say]");
    this.spoke = 0;
    this.failure = ""; // stays until something is saved: whoever is about to press its link must find it there
  }

  show(state, text) {
    for (const line of this.lines) {
      line.dataset.state = state;
      line.hidden = false;
      line.querySelector("use")?.setAttribute("href", `${document.documentElement.dataset.icons}#${ICONS[state]}`);
      line.querySelector("span").textContent = text;
    }
  }

  /* On the way to a save. Says nothing while the last one has failed. */
  progress(state, text) {
    if (!this.failure) this.show(state, text);
  }

  saved() {
    this.failure = "";
    const clock = new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
    this.show("saved", `Saved at ${clock.toLowerCase()}`);
    if (Date.now() - this.spoke > QUIET) this.speak("Saved");
  }

  fail(text, address, words) {
    if (this.failure === text) return;
    this.failure = text;
    this.show("failed", text);
    for (const line of this.lines) {
      if (!address) continue;
      const link = document.createElement("a");
      link.href = address;
      link.textContent = words;
      line.querySelector("span").append(" ", link);
    }
    this.speak(text);
  }

  speak(text) {
    this.spoke = Date.now();
    if (this.say) this.say.textContent = text;
  }
}

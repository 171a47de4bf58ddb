/* Drafts: what is typed goes to this device at once and to the server a moment later, with the revision
   it was made from. A save that comes too late is kept beside the other text, and the page says so.

   <form data-drafts="address" data-person="id"> holds one element with data-draft="key" and
   data-revision="n" for each draft; data-save is the line that is seen, data-say the one that is
   spoken. A form that is sent carries a token of its own; data-taken lists those that arrived. */

import { drop, dropOld, dropTaken, keep, kept } from "./copies.js";
import { fill, inputsOf, pairs, same, unitOf } from "./inputs.js";
import { growTo } from "./rows.js";
import { SaveLine } from "./saveline.js";

const PAUSE = 900; // after the last keystroke
const LONGEST_WAIT = 6000; // while somebody types without a pause
const RETRIES = [4000, 10000, 20000, 40000];

class Draft {
  constructor(page, box) {
    this.page = page;
    this.box = box;
    this.unit = [box.dataset.draft, box.dataset.sitting || "", box.dataset.entry || ""].join("/");
    this.revision = Number(box.dataset.revision) || 0;
    this.clean = this.seen = pairs(box);
    this.saving = null;
    this.tries = 0;
    this.conflict = null; // the text kept beside the draft that this page goes on writing
  }

  get dirty() {
    return !same(this.clean, pairs(this.box));
  }

  changed() {
    const inputs = pairs(this.box);
    if (same(inputs, this.seen)) return; // a field that is left says so once more
    this.seen = inputs;
    this.page.leaving = this.page.going = false; // whoever types is still here
    this.keep(inputs);
    if (this.conflict === null) this.page.line.progress("dirty", "Not saved yet");
    this.saveSoon();
  }

  saveSoon() {
    this.since ||= Date.now();
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(PAUSE, this.since + LONGEST_WAIT - Date.now()));
    this.timer = setTimeout(() => this.save(), wait);
  }

  /* On this device; `sent` is the token of the form that it went with. */
  keep(inputs, sent = "") {
    keep(this.page.person, this.unit, { base: this.revision, conflict: this.conflict, inputs, sent });
  }

  /* One save at a time: a second one would be stale by its own doing. */
  async save(leaving = false) {
    clearTimeout(this.timer);
    if (this.saving) await this.saving;
    if (!this.dirty) return;
    this.saving = this.send(leaving).finally(() => { this.saving = null; });
    const taken = await this.saving;
    if (taken && this.dirty && !this.page.leaving) this.saveSoon();
  }

  /* Whether the server has what was typed, as the draft or beside it. */
  async send(leaving) {
    const inputs = pairs(this.box);
    this.since = 0;
    if (this.conflict === null) this.page.line.progress("saving", "Saving");
    const { status, answer } = await this.page.post(this, inputs, leaving);
    if (status === 200 || (status === 409 && answer.conflict)) {
      this.clean = inputs;
      this.tries = 0;
      if (!this.dirty && !this.page.going) drop(this.page.person, this.unit);
      if (status === 409) this.keptBeside(answer.conflict);
      else {
        this.revision = answer.revision;
        this.conflict = null;
        this.setRevision();
        this.page.saved(answer);
      }
      return true;
    }
    if (status === 401) {
      const back = `${answer.sign_in}?next=${encodeURIComponent(location.pathname + location.search)}`;
      this.page.line.fail("You are signed out. What you typed is kept on this device.", back, "Sign in again");
    } else if (status === 409) {
      this.page.line.fail("This cannot be saved now: somebody else has signed in here. What you typed is kept on this device.");
    } else if (status === 422 || status === 413) {
      this.page.line.fail(answer.message || "This is too long to be saved. Please shorten it.");
    } else {
      const why = status === 0 ? "no connection" : "the site does not answer as it should";
      this.page.line.fail(`Not saved yet: ${why}. What you typed is kept on this device.`);
      const wait = RETRIES[Math.min(this.tries, RETRIES.length - 1)];
      this.tries += 1;
      this.timer = setTimeout(() => this.save(), wait);
    }
    return false;
  }

  keptBeside(number) {
    if (this.conflict === null) this.page.clash();
    this.conflict = number;
  }

  setRevision() {
    this.box.dataset.revision = this.revision;
    const field = this.page.form.querySelector(`[name="revision:${CSS.escape(this.box.dataset.draft)}"]`);
    if (field) field.value = this.revision;
  }

  /* What this device still has from before the page was loaded. If something else was saved since, the
     server keeps both, and the page comes back and asks. */
  async restore() {
    const copy = kept(this.page.person, this.unit);
    if (!copy || !inputsOf(this.box).length) return;
    growTo(this.box, copy.inputs.map(([name]) => name));
    if (this.isOver(copy) || !fill(this.box, copy.inputs)) return drop(this.page.person, this.unit);
    const late = copy.base !== this.revision || copy.conflict !== null;
    this.revision = copy.base;
    this.conflict = copy.conflict;
    this.setRevision();
    this.page.line.show("dirty", "Brought back what you had typed");
    await this.save();
    if (late && !this.dirty) location.reload();
  }

  /* Answers to an attempt at a quiz that has been checked. */
  isOver(copy) {
    const now = pairs(this.box).find(([name]) => name === "attempt");
    const then = copy.inputs.find(([name]) => name === "attempt");
    return Boolean(now && then && now[1] !== then[1]);
  }
}

class DraftPage {
  constructor(form) {
    this.form = form;
    this.person = form.dataset.person;
    this.line = new SaveLine();
    this.leaving = false;
    this.going = false; // another page is on its way, and may have been made before the last save
    form.autocomplete = "off"; // what comes back is the server's draft or our copy, not what the browser remembers
    dropTaken(this.person, form.dataset.taken.split(" ").filter(Boolean));
    this.drafts = [...form.querySelectorAll("[data-draft]")].map((box) => new Draft(this, box));
    this.byBox = new Map(this.drafts.map((draft) => [draft.box, draft]));
    const heard = (event) => this.byBox.get(unitOf(event.target))?.changed();
    form.addEventListener("input", heard);
    form.addEventListener("change", heard);
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.saveAll());
    addEventListener("focus", () => this.saveAll()); // signed in again in another window
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.saveAll(true);
    });
    addEventListener("beforeunload", () => { this.going = true; });
    addEventListener("pageshow", (event) => {
      this.going = false;
      if (event.persisted && this.leaving) location.reload(); // back at a form that was sent: see what became of it
    });
    this.drafts.forEach((draft) => draft.restore());
  }

  /* Not while a form is on its way: it carries everything, and a save behind it would begin a new draft. */
  saveAll(leaving = false) {
    if (this.leaving) return Promise.resolve();
    return Promise.all(this.drafts.filter((draft) => draft.dirty).map((draft) => draft.save(leaving)));
  }

  async post(draft, inputs, leaving) {
    const body = new URLSearchParams(inputs);
    body.set("draft", draft.box.dataset.draft);
    body.set("sitting", draft.box.dataset.sitting || "");
    body.set("entry", draft.box.dataset.entry || "");
    body.set("revision:" + draft.box.dataset.draft, draft.revision);
    if (draft.conflict !== null) body.set("conflict", draft.conflict);
    for (const name of ["csrf_token", "owner"]) {
      const field = this.form.elements[name];
      if (field) body.set(name, field.value);
    }
    try {
      let answer = await this.fetch(body, leaving);
      if (answer.status === 400 && (await this.freshToken())) {
        body.set("csrf_token", this.form.elements.csrf_token.value);
        answer = await this.fetch(body, leaving);
      }
      const json = (answer.headers.get("Content-Type") || "").includes("json");
      return { status: answer.status, answer: json ? await answer.json() : {} };
    } catch {
      return { status: 0, answer: {} };
    }
  }

  fetch(body, leaving) {
    return fetch(this.form.dataset.drafts, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": body.get("csrf_token") || "" },
      keepalive: leaving && String(body).length < 60000,
    });
  }

  /* Signed in again in another window: the page's token is old, the session is not. */
  async freshToken() {
    const page = await fetch(location.href, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await page.text(), "text/html");
    const form = found.querySelector("form[data-drafts]");
    if (!form || form.dataset.person !== this.person) return false;
    this.form.elements.csrf_token.value = form.elements.csrf_token.value;
    return true;
  }

  saved(answer) {
    if (!this.drafts.some((draft) => draft.dirty || draft.conflict !== null)) this.line.saved();
    for (const [key, value] of Object.entries(answer.totals || {})) {
      const shown = document.querySelector(`[data-total="${CSS.escape(key)}"]`);
      if (shown) shown.textContent = value;
    }
  }

  clash() {
    const here = location.pathname + location.search;
    this.line.fail("This was changed on another device as well. Both texts are kept.", here, "See both and choose");
  }

  /* A form sent while a save is under way would be stale by its own doing: wait, then send. */
  submit(event) {
    this.drafts.forEach((draft) => clearTimeout(draft.timer));
    const busy = this.drafts.filter((draft) => draft.saving).map((draft) => draft.saving);
    this.leaving = true;
    if (busy.length) {
      event.preventDefault();
      Promise.all(busy).then(() => this.form.requestSubmit(event.submitter));
      return;
    }
    const token = Math.random().toString(36).slice(2, 10);
    for (const draft of this.drafts) {
      if (draft.dirty) draft.keep(pairs(draft.box), token);
    }
    this.sentField().value = token;
  }

  sentField() {
    let field = this.form.elements.sent;
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "sent";
      this.form.prepend(field);
    }
    return field;
  }
}

export function watchDrafts() {
  dropOld();
  document.querySelectorAll("form[data-drafts]").forEach((form) => new DraftPage(form));
}

// A tailored resume: scores, changes to decide, what was kept out, questions, files.

import { ApiError, get, patch, readTagged } from "./api.js";
import { action, buttons, el, list, more, note, problem, say, section } from "./dom.js";
import { blockedList, changeCard, grouped } from "./changes.js";
import { documentView } from "./document.js";
import { gapList } from "./gaps.js";
import { newOrder, place, progressOf, atLeastOne } from "./ordering.js";
import { scorePanel } from "./scores.js";
import { PRODUCTS, gateWord } from "./words.js";

export async function tailoredView(detail, sources, { files }) {
  const path = `/api/tailor/results/${detail.id}`;
  const { body: listed, etag } = await readTagged(`${path}/changes`);
  const view = new Tailored(path, detail, listed, etag, sources);
  view.show();
  return view.nodes(files);
}

class Tailored {
  constructor(path, detail, listed, etag, sources) {
    Object.assign(this, { path, detail, listed, etag, sources });
    this.notice = el("div", { role: "status", class: "notices" });
    this.scores = el("div", {});
    this.changes = el("div", {});
    this.paper = el("div", {});
    this.again = el("div", {});
  }

  nodes(files) {
    const { document, resumeId } = this.detail;
    return [
      section("Scores", this.scores),
      files,
      section("Changes", note("Each is checked again after every decision of yours. Undo takes a decision back."), this.notice, this.changes),
      section("Thrown away", blockedList(document.blocked)),
      section("Questions to you", note("The posting asks for this and your resume does not show it. Answer only what is true."), gapList(document.gaps, resumeId, document.resume, () => this.offerAgain()), this.again),
      section("What goes with it", note("Made from this document as you have decided it: a letter that says the same, and what you should be ready to defend of it."), this.companions()),
      section("The whole document", more("Read it", this.paper)),
    ];
  }

  show() {
    const { document } = this.detail;
    const context = { resume: document.resume, requirements: document.requirements, sources: this.sources };
    this.scores.replaceChildren(scorePanel(document.scores, document.requirements, this.sources));
    this.changes.replaceChildren(...grouped(this.listed.items).map(([name, items, told]) => el("div", { class: "group" },
      el("h3", {}, `${name} (${items.length})`), told && note(told),
      items.map((change) => changeCard(change, context, (...decision) => this.decide(...decision))))));
    this.paper.replaceChildren(documentView(document.resume));
    this.notice.replaceChildren(...this.unverified());
  }

  unverified() {
    const { unverified } = this.listed;
    if (unverified.length === 0) return [];
    return [el("div", { class: "callout" }, "Your own words that your resume does not show:", list(unverified.map(({ code, detail }) => [gateWord(code), detail].filter(Boolean).join(": "))))];
  }

  // A decision holds for the version that was looked at; another tab may have been first.
  async decide(change, decision, text) {
    try {
      const { body, etag } = await patch(`${this.path}/changes/${change.id}`, { decision, ...(text && { text }) }, this.etag);
      [this.listed, this.etag] = [body, etag];
      this.detail = await get(this.path);
      this.show();
      this.focus(change.id);
      const now = body.items.find((one) => one.id === change.id);
      say(now?.withheld.length ? "Kept out by the truth gate." : "Saved. Everything was checked again.");
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      await this.reload();
      this.notice.prepend(problem(error, "Another tab was first. This page now shows what stands there; look at it and decide again."));
      this.focus(change.id);
    }
  }

  async reload() {
    const [{ body, etag }, detail] = await Promise.all([readTagged(`${this.path}/changes`), get(this.path)]);
    Object.assign(this, { listed: body, etag, detail });
    this.show();
  }

  focus(id) {
    this.changes.querySelector(`[data-change="${CSS.escape(id)}"] button`)?.focus();
  }

  options() {
    const { engine, degraded } = this.detail.document;
    return { engine: engine === "rules" && !degraded ? "rules" : "auto" };
  }

  companions() {
    const { id, resumeId } = this.detail;
    if (!resumeId) return note("Its resume was deleted.");
    return buttons(["cover-letters", "interview-prep"].map((product) => action(`Make: ${PRODUCTS[product].name}`, async () => {
      location.hash = progressOf(atLeastOne(await place(newOrder({ products: [product], resumeId, tailoredId: id, options: this.options() }))));
    })));
  }

  offerAgain() {
    const { resumeId, postingId } = this.detail;
    if (this.again.childElementCount > 0 || !postingId) return;
    this.again.append(el("div", { class: "callout" }, "Your answers are kept. ", buttons(action("Tailor again with them", async () => {
      location.hash = progressOf(atLeastOne(await place(newOrder({ products: ["tailor"], resumeId, postingId, options: this.options() }))));
    }, { class: "" }))));
  }
}

// A person's own edit of a letter, an interview pack or a career path, where the server takes one.

import { operation, put, remove } from "./api.js";
import { action, badge, buttons, el, more, note, say } from "./dom.js";
import { gateWord } from "./words.js";

export class OwnWords {
  constructor(detail, path, again) {
    Object.assign(this, { detail, path, again, etag: `"${detail.version}"` });
  }

  static async offered(product, detail, path, again) {
    const takes = await operation(`/api/${product}/results/{result_id}`, "put");
    return takes && product !== "tailor" ? new OwnWords(detail, path, again) : null;
  }

  async save(body) {
    await put(this.path, body, this.etag);
    await this.again();
    say("Saved. Your own sentences were checked and are marked as yours.");
  }

  // What makes the form is called when it is first opened.
  form(title, make) {
    const details = more(title);
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("form")) details.append(make());
    });
    return el("div", { class: "own-edit" }, details, this.detail.version > 0 && buttons(action("Take my edits back", async () => {
      await remove(`${this.path}/edit`, this.etag);
      await this.again();
      say("As it was delivered.");
    })));
  }
}

// How a sentence of the person's own is marked.
export function ownMark({ own, unverified }) {
  if (!own) return "";
  if (!unverified?.length) return badge("your words, proved", "confirmed");
  return [badge("your words", "unconfirmed"), note(`Nothing proves: ${unverified.map(gateWord).join("; ")}. It stays, since you may know what your resume does not say.`)];
}

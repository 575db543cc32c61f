// Files in every format and template.

import { download, operation } from "./api.js";
import { action, buttons, el, field, say, select } from "./dom.js";
import { preferred, TEMPLATES } from "./order.js";

const NAMES = { pdf: "PDF", docx: "DOCX (Word)", md: "Markdown", json: "JSON Resume", txt: "Plain text" };
const LAID_OUT = ["pdf", "docx"];

// The files that the server offers at `path`, whose pattern in the contract is `pattern`.
export async function downloads(path, pattern) {
  const offered = await operation(pattern);
  if (!offered) return null;
  const formats = offered.parameters.find(({ name }) => name === "format").schema.enum;
  const format = select(formats.map((key) => [key, NAMES[key] || key]), "pdf");
  const template = select(TEMPLATES, preferred.template());
  const paper = select([["a4", "A4"], ["us-letter", "US Letter"]], "a4");
  const layout = [field("Template", template), field("Paper", paper)];
  const toggle = () => layout.forEach((part) => { part.hidden = !LAID_OUT.includes(format.value); });
  format.addEventListener("change", toggle);
  toggle();
  const start = action("Download", async () => {
    preferred.setTemplate(template.value);
    const query = new URLSearchParams({ format: format.value, ...(LAID_OUT.includes(format.value) && { template: template.value, paper: paper.value }) });
    const name = await download(`${path}?${query}`, `document.${format.value}`);
    say(`Saved as ${name}.`);
  }, { class: "" });
  return el("div", { class: "downloads" }, field("Format", format), layout, buttons(start));
}

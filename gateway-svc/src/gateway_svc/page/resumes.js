// All resumes, and a way to give another.

import { get } from "./api.js";
import { badge, el, empty, link, list, moment, section } from "./dom.js";
import { uploadBox } from "./upload.js";
import { RESUME_STATES } from "./words.js";

export async function resumesView({ signal }) {
  const box = el("div", {});
  const fill = async () => {
    const { items } = await get("/api/resumes/?limit=100");
    box.replaceChildren(items.length
      ? list(items.map(line), { class: "rows" })
      : empty("No resume yet. Give a file above; it is read here, and you say whether it was read rightly."));
  };
  await fill();
  return [
    el("h1", {}, "Resumes"),
    section("Give a file", uploadBox("A file with your resume", signal, fill)),
    section("What you gave", box),
  ];
}

function line(resume) {
  const name = resume.name || resume.fileName || "Without a name";
  return [
    link(`#/resumes/${resume.id}`, name), " ", badge(RESUME_STATES[resume.state], resume.state),
    el("p", { class: "note" }, [resume.name && resume.fileName, `version ${resume.version}`, moment(resume.updatedAt)].filter(Boolean).join(" · ")),
  ];
}

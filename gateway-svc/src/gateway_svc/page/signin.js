// Sign in, or make an account.

import { signIn } from "./api.js";
import { busy, buttons, el, field, para } from "./dom.js";

export async function signInView({ again }) {
  const email = el("input", { type: "email", autocomplete: "username", required: true });
  const password = el("input", { type: "password", autocomplete: "current-password", minlength: "8", required: true });
  const form = el("form", { class: "narrow" },
    field("Email", email),
    field("Password", password, "At least 8 characters"),
    buttons(
      el("button", { type: "submit", value: "login" }, "Sign in"),
      el("button", { type: "submit", value: "signup", class: "quiet" }, "Create an account")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter || form.querySelector("button");
    busy(button, async () => {
      await signIn(button.value, email.value, password.value);
      await again();
    });
  });
  return [
    el("h1", {}, "Your resume, for one posting, and nothing untrue"),
    para("Give a resume and a job posting. What comes back puts first what the posting asks for, and each line shows where in your resume it comes from."),
    form,
  ];
}

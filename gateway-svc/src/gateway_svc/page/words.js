// What codes of the API are called by people.

export const PRODUCTS = {
  tailor: { name: "Tailored resume", verb: "tailor", workflow: "tailor_resume", about: "Your resume, with first what the posting asks for. You decide each change." },
  "cover-letters": { name: "Cover letter", verb: "generate", workflow: "cover_letter", about: "Each sentence with what proves it." },
  "interview-prep": { name: "Interview preparation", verb: "generate", workflow: "interview_prep", about: "Likely questions, your own evidence, and what you should be ready to defend." },
  "career-path": { name: "Career path", verb: "generate", workflow: "career_path", about: "Next roles, counted over your stored postings. Needs no posting of its own." },
};
export const READERS = { resumes: { name: "Reading your resume" }, jobs: { name: "Reading the posting" } };

export const productOf = (workflow) => Object.keys(PRODUCTS).find((key) => PRODUCTS[key].workflow === workflow);
export const workflowName = (workflow) => PRODUCTS[productOf(workflow)]?.name
  || { parse_resume: "Reading resumes", capture_posting: "Reading postings" }[workflow] || workflow;

export const RESUME_STATES = { parsing: "being read", unconfirmed: "not confirmed yet", confirmed: "confirmed", failed: "could not be read" };
export const STATES = { pending: "Queued", processing: "Under way", completed: "Done", failed: "Failed", cancelled: "Cancelled" };
export const ENGINES = { rules: "by rules", model: "by a model, checked against your resume" };
export const SECTIONS = {
  basics: "About you", work: "Work", volunteer: "Volunteering", projects: "Projects", education: "Education", skills: "Skills",
  certificates: "Certificates", awards: "Awards", publications: "Publications", languages: "Languages", interests: "Interests", references: "References",
};

export const SOURCES = {
  board: "the job board's own data", json_ld: "the page's structured data", firecrawl: "the page, read by Firecrawl",
  rendered: "the page as a browser shows it", page_text: "the page's text", user: "what you gave",
};
export const OUTCOMES = {
  used: "used", nothing_found: "nothing found", not_configured: "not set up here", not_applicable: "does not apply",
  unavailable: "not available then", refused: "refused by the site", failed: "failed",
};

export const CHANGES = {
  reorder_entries: "Entries in another order", reorder_highlights: "Lines in another order", reorder_keywords: "Skills in another order",
  relabel: "Named as the posting names it", rewrite_highlight: "Line reworded", rewrite_summary: "Summary reworded",
  add_keyword: "Skill listed", add_highlight: "Line added", hide_entry: "Entry left out", hide_highlight: "Line left out",
  hide_keyword: "Skill left out", set_label: "Headline changed",
};

const GATE = {
  quantity_ungrounded: "a number that your resume does not show there", skill_ungrounded: "a skill that your resume does not show",
  claim_ungrounded: "a claim that your resume does not support", content_ungrounded: "words that your resume does not support",
  name_ungrounded: "a name that your resume does not have", company_bleed: "the name of the posting's company",
  text_grown: "it grew too long", highlight_added: "a line that is not in your resume", highlight_missing: "a line of yours is gone",
  highlight_replaced: "a line of yours was replaced", keyword_missing: "a skill of yours is gone", must_omitted: "it leaves out what the posting requires",
  change_conflict: "another change touches the same line", date_ungrounded: "a date that your resume does not show",
  title_moved: "a title that belongs to another employer", title_ungrounded: "a title that your resume does not show", title_new: "a title that your resume does not show",
  entry_commingled: "it mixes two jobs", filler_added: "filler words", language_overstated: "a language level above yours",
  frequency_ungrounded: "how often, which your resume does not say", negation_changed: "a not was added or lost",
  reference_open: "it does not say about whom it speaks", skill_moved: "a skill at the wrong job", skill_inferred: "a skill that your words only suggest",
};
export const gateWord = (code) => GATE[code] || code.replaceAll("_", " ");

const AGAIN = "Order it again in a while.";
const PASTE = "Copy the posting's text and paste it instead.";
const FILE = "Upload another form of it: a PDF with real text, DOCX or plain text.";
const NEXT = {
  deadline_exceeded: "Order it again.", posting_unreachable: `Try again later. ${PASTE}`, posting_not_found: "Check the address.",
  posting_forbidden: PASTE, posting_not_html: PASTE, posting_too_large: "Paste the essential part of its text.", posting_empty: PASTE,
  posting_ambiguous: "Give the address of the one posting that you mean.", url_not_allowed: "Check the address: it must be a public web page.",
  provider_unavailable: `${AGAIN} By rules it can be done now.`, provider_rate_limited: `${AGAIN} By rules it can be done now.`,
  provider_quota_exhausted: "Only the operator can mend this. By rules it can be done now.", provider_misconfigured: "Only the operator can mend this. By rules it can be done now.",
  engine_unavailable: "Choose “model, else rules” or “rules only” under Options.", content_refused: "Choose “rules only” under Options.",
  answer_unusable: "Order it again, or choose “rules only” under Options.", budget_exhausted: "Choose “rules only” under Options, or wait until your budget is renewed.",
  worker_killed: "Only the operator can mend this.", internal_error: "Order it again; if it stays, tell the operator.",
  resume_not_ready: "Wait until the file is read.", resume_not_found: "It was deleted, or the address is wrong.", result_not_found: "It was deleted, or the address is wrong.",
  identity_fixed: "Change that in the resume itself, then tailor again.", edit_unsupported: "Word it differently.",
  tailored_mismatch: "Order it for the posting instead.", tailored_too_large: "Order it for the posting instead.",
  version_conflict: "Keep a copy of your words, load this page again, and look at what stands there.", edit_too_long: "Write less.", part_unknown: "Load this page again.",
  characters_not_printable: "Choose DOCX.", document_unfaithful: "Choose another format or template.", user_erased: "This account was erased.",
  resume_unconfirmed: "Open the resume, check it and confirm it.", email_exists: "Sign in instead.", user_already_exists: "Sign in instead.",
};
export const nextStep = (code) => NEXT[code] || (code?.startsWith("resume_") ? FILE : "");

export const percent = (share) => `${Math.round(share * 100)} %`;
export const usd = (sum) => `${sum.toFixed(sum && sum < 0.01 ? 4 : 2)} USD`;
export const months = (n) => [n >= 12 && `${Math.floor(n / 12)} years`, n % 12 && `${n % 12} months`].filter(Boolean).join(" ").replace(/\b1 (year|month)s/g, "1 $1") || "less than a month";

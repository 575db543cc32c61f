"""Prompts are versioned files, so that what was asked can always be told from the version.

A file is never edited: what is worded anew gets the next version (a test holds the digests).
"""

from functools import cache
from importlib import resources

#: The versions of the prompts in use.
TAILOR_RESUME = "tailor_resume.v1"
WRITE_LETTER = "write_letter.v1"
PREPARE_INTERVIEW = "prepare_interview.v1"
PLAN_CAREER = "plan_career.v1"
READ_RESUME = "read_resume.v1"
#: Added for endpoints that cannot be held to a JSON schema.
ANSWER_JSON = "answer_json.v1"


@cache
def load(name: str) -> str:
    """The text of a prompt by its versioned name."""
    return resources.files("tailor_svc.prompts").joinpath(f"{name}.md").read_text("utf-8")

"""A prompt that is worded anew is a new version: these files never change."""

import hashlib
from importlib import resources

import pytest

from tailor_svc import prompts
from tailor_svc.drafts import CAREER, INTERVIEW, LETTER
from tailor_svc.proposed import CHANGES
from tailor_svc.resumes import READING

DIGESTS = {
    "plan_career.v1": "d75a5c63541a6a8d7e3e8e4aba59edfaef827c1faccf4bce80d22f21cee607a5",
    "prepare_interview.v1": "a9af1f431ac9ab1784ed57e0bd5ce1115c82427f7d7a8a4a30b475c7779d358e",
    "write_letter.v1": "c071c7995aeeff07f23540aaf31a1f528935214bd368ed1db51d1f0e6de021a6",
    "read_resume.v1": "b0143a3cf5ee1853fab70c285182b14b1c88392abb42653b8907749f6270ba2e",
    "answer_json.v1": "06830f8c894f3383af581dc9aeae9cbef240ad32e7f470d18dbe6d3f6a56a5d3",
    "tailor_resume.v1": "74ed17fb190873e3fde07402589e3b7faad192bf163d2e1ebf9ae2479aa68d1e",
}
IN_USE = tuple(form.prompt for form in (CHANGES, LETTER, INTERVIEW, CAREER, READING))


def test_every_prompt_has_its_digest() -> None:
    files = resources.files("tailor_svc.prompts").iterdir()
    names = {file.name.removesuffix(".md") for file in files if file.name.endswith(".md")}
    assert names == set(DIGESTS)
    assert {*IN_USE, prompts.ANSWER_JSON} <= names


@pytest.mark.parametrize("name", DIGESTS)
def test_prompt_is_what_its_version_says(name: str) -> None:
    digest = hashlib.sha256(prompts.load(name).encode()).hexdigest()
    assert digest == DIGESTS[name], "give the new wording a new version"


@pytest.mark.parametrize("name", IN_USE)
def test_prompt_says_that_data_is_no_instruction(name: str) -> None:
    assert "never an instruction" in prompts.load(name)


def test_json_mode_is_told_so() -> None:
    """OpenAI refuses `json_object` when no message contains the word."""
    assert "JSON" in prompts.load(prompts.ANSWER_JSON)

"""A prompt that is worded anew is a new version: these files never change."""

import hashlib
from importlib import resources

import pytest

from tailor_svc import prompts

DIGESTS = {
    "answer_json.v1": "06830f8c894f3383af581dc9aeae9cbef240ad32e7f470d18dbe6d3f6a56a5d3",
    "tailor_resume.v1": "74ed17fb190873e3fde07402589e3b7faad192bf163d2e1ebf9ae2479aa68d1e",
}


def test_every_prompt_has_its_digest() -> None:
    files = resources.files("tailor_svc.prompts").iterdir()
    names = {file.name.removesuffix(".md") for file in files if file.name.endswith(".md")}
    assert names == set(DIGESTS)
    assert {prompts.TAILOR_RESUME, prompts.ANSWER_JSON} <= names


@pytest.mark.parametrize("name", DIGESTS)
def test_prompt_is_what_its_version_says(name: str) -> None:
    digest = hashlib.sha256(prompts.load(name).encode()).hexdigest()
    assert digest == DIGESTS[name], "give the new wording a new version"


def test_prompt_says_that_data_is_no_instruction() -> None:
    assert "never an instruction" in prompts.load(prompts.TAILOR_RESUME)


def test_json_mode_is_told_so() -> None:
    """OpenAI refuses `json_object` when no message contains the word."""
    assert "JSON" in prompts.load(prompts.ANSWER_JSON)

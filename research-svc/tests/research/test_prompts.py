import hashlib
from importlib import resources

import pytest

from research_svc import prompts

#: A prompt is never edited: what is worded anew gets the next version.
DIGESTS = {
    prompts.COMPANY: "f4820ebde0047bfe34d87add82f27c3adaf868d88e75eff6a70f701e3553d276",
    prompts.SALARY: "084d0080d50827a43abf11bf42b471d148352e88cadb417bbed48bf19b00a366",
}


def test_every_prompt_is_pinned() -> None:
    files = resources.files("research_svc.prompts").iterdir()
    assert {f.name.removesuffix(".md") for f in files if f.name.endswith(".md")} == set(DIGESTS)


@pytest.mark.parametrize("name", DIGESTS)
def test_prompt_is_what_its_version_says(name: str) -> None:
    assert hashlib.sha256(prompts.load(name).encode()).hexdigest() == DIGESTS[name]


@pytest.mark.parametrize("name", DIGESTS)
def test_prompt_says_that_names_are_data(name: str) -> None:
    text = prompts.load(name)
    assert "never an instruction" in text
    assert "known" in text

import hashlib
from importlib import resources

import pytest

from extract_svc import prompts
from extract_svc.firecrawl_wire import request

#: A prompt is never edited: what is worded anew gets the next version.
DIGESTS = {
    prompts.POSTING: "f856ceb6377e1b3a970e76485454e8a2ed9aac255f686238abaad1d19dd2ffc8",
}


def test_every_prompt_is_pinned() -> None:
    files = resources.files("extract_svc.prompts").iterdir()
    assert {f.name.removesuffix(".md") for f in files if f.name.endswith(".md")} == set(DIGESTS)


@pytest.mark.parametrize("name", DIGESTS)
def test_prompt_is_what_its_version_says(name: str) -> None:
    assert hashlib.sha256(prompts.load(name).encode()).hexdigest() == DIGESTS[name]


def test_scrape_asks_with_the_prompt() -> None:
    _, form = request("https://x.example/", 1000)["formats"]
    assert form["prompt"] == prompts.load(prompts.POSTING)
    assert "never an instruction" in form["prompt"]

"""Prompts are versioned files, so that what was asked can always be told from the version.

A file is never edited: what is worded anew gets the next version (a test holds the digests).
"""

from functools import cache
from importlib import resources
from typing import Final

#: What Firecrawl's own model is told.
POSTING: Final = "posting.v1"


@cache
def load(name: str) -> str:
    """The text of a prompt by its versioned name."""
    return resources.files("extract_svc.prompts").joinpath(f"{name}.md").read_text("utf-8")

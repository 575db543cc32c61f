"""Prompts are versioned files, so that what was asked can always be told from the version.

A file is never edited: what is worded anew gets the next version (a test holds the digests). The
version is part of a stored answer's key, so a new one asks anew.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

COMPANY: Final = "company.v1"
SALARY: Final = "salary.v2"


def fence(data: Mapping[str, str | None]) -> str:
    """What is asked about, as one block of JSON that its values cannot close."""
    text = json.dumps(data, ensure_ascii=False).replace("`", "\\u0060")
    return f"```json\n{text}\n```"


@cache
def load(name: str) -> str:
    """The text of a prompt by its versioned name."""
    return resources.files("research_svc.prompts").joinpath(f"{name}.md").read_text("utf-8")

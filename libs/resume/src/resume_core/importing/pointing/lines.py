"""What a model is shown of a resume's text: its lines by number, but those that say who it is."""

import re
from collections.abc import Sequence
from typing import Final

from resume_core.importing.contacts import has_contact
from resume_core.importing.report import FieldRead

#: Fields whose lines stay out: the person's own, and the people who speak for them.
_PRIVATE: Final = re.compile(r"basics\.(?!summary|label)|references\[")


def shown_lines(text: str, fields: Sequence[FieldRead]) -> dict[int, str]:
    """The lines that a model may see, by number from 1.

    Left out are blank ones and those with the person's name, address, contacts, or referees.
    """
    lines = text.split("\n")
    private = {
        number
        for field in fields
        if _PRIVATE.match(field.path)
        for start, end in field.spans
        for number in range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 2)
    }
    name = _name(text, fields)
    return {
        number: line
        for number, line in enumerate(lines, 1)
        if line.strip()
        and number not in private
        and not (name and name in _folded(line))
        and not has_contact(line)
    }


def _name(text: str, fields: Sequence[FieldRead]) -> str:
    spans = next((field.spans for field in fields if field.path == "basics.name"), ())
    return _folded(" ".join(text[start:end] for start, end in spans))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

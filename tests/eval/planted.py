"""Bugs planted in the gate for one run, to see that the table turns red where it should."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from resume_core import tailoring
from resume_core.changes import ChangeStatus
from resume_core.gate import check, identity, wording
from resume_core.gate.source import document_source


def _whole_document() -> Any:
    """An entry may draw on the whole document, as checks of whole documents do."""

    def source(_: Any, base: Any, catalog: Any) -> Any:
        return document_source(base, catalog)

    return patch.object(check, "entry_source", source)


def _blind_to_dates() -> Any:
    """Dates count as wording."""
    return patch.object(identity, "_EDITABLE", {"highlights", "keywords", "start_date", "end_date"})


def _flags_pass() -> Any:
    """What the gate flags is applied like what it passes."""

    def applied(change: Any, flags: tuple[str, ...]) -> Any:
        return change.model_copy(update={"flags": flags, "status": ChangeStatus.APPLIED})

    return patch.object(tailoring, "_with_status", applied)


def _skills_believed() -> Any:
    """Whoever names a skill has it, as where the posting's skills are allowed."""
    return patch.object(wording, "skill_grounded", lambda *_: True)


#: Each planted bug and a measure of the report that it must turn red.
PLANTS: Final[dict[str, tuple[Callable[[], Any], str]]] = {
    "whole-document": (_whole_document, "recall of change: borrowed number"),
    "blind-to-dates": (_blind_to_dates, "recall of document: start shifted"),
    "flags-pass": (_flags_pass, "lies delivered by changes"),
    "skills-believed": (_skills_believed, "recall of change: skill in a line"),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Run with a planted bug; "" plants none.

    Raises:
        KeyError: no such bug.
    """
    if not name:
        yield
        return
    with PLANTS[name][0]():
        yield

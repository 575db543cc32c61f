"""Where each field of a JSON Resume stands in its file: the places that the decoder saw."""

import json
from json.decoder import scanstring  # type: ignore[attr-defined]  # in no stub
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # in no stub
from typing import Any, Final, cast

from resume_core.importing.confidence import DERIVED, STATED
from resume_core.importing.evidence import leaves_of
from resume_core.importing.report import FieldRead
from resume_core.jsonresume import prepared, to_json_resume
from resume_core.model import Resume

#: A longer file is not gone through again by the slow decoder that keeps places.
_MOST_CHARACTERS: Final = 400_000


class _Placed(str):
    """A string of a JSON text that knows where it stands, without its quotes."""

    __slots__ = ("span",)
    span: tuple[int, int]


class _PlacingDecoder(json.JSONDecoder):
    """Decodes strings as `_Placed`; only the decoder in Python asks for them one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _parse_string
        self.scan_once = py_make_scanner(self)


def stated_evidence(text: str, resume: Resume) -> tuple[FieldRead, ...]:
    """Every field of a document read from `text`, each as sure as the file that states it."""
    places = _places(text)
    found = []
    for leaf in leaves_of(to_json_resume(resume)):
        span = places.get(leaf.path)
        rule, confidence = STATED if span else (DERIVED[0], STATED[1])
        found.append(
            FieldRead(
                path=leaf.path,
                spans=(span,) if span else (),
                line=text.count("\n", 0, span[0]) + 1 if span else None,
                page=None,
                confidence=confidence,
                rule=rule,
            )
        )
    return tuple(found)


def _places(text: str) -> dict[str, tuple[int, int]]:
    """The place of each string that is kept, by its path in the document."""
    if len(text) > _MOST_CHARACTERS:
        return {}
    document = prepared(_PlacingDecoder().decode(text))
    return {
        leaf.path: leaf.value.span
        for leaf in leaves_of(document)
        if isinstance(leaf.value, _Placed)
    }


def _parse_string(text: str, start: int, strict: bool = True) -> tuple[str, int]:  # noqa: FBT001, FBT002  as `json` calls it
    value, end = scanstring(text, start, strict)
    placed = _Placed(value)
    placed.span = (start, end - 1)
    return cast("Any", placed), end

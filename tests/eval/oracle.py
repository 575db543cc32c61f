"""What a delivered document says that its base does not: told by comparing the two.

Knows nothing of the gate and uses none of its code. It reads JSON, entry by entry, and compares
strings as they are written.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.eval.liar import Lie

#: Fields that a tailoring may change; all others are who the person is.
_WORDING = {"highlights", "keywords", "summary", "label"}


class Said(NamedTuple):
    """A text and where it stands: an entry's id, or "summary" or "label"."""

    place: str
    text: str


class Comparison(NamedTuple):
    """How a delivered document differs from its base."""

    new: frozenset[Said]
    changed_fields: int
    lost_entries: int
    grown_entries: int


def compare(base: dict[str, Any], delivered: dict[str, Any]) -> Comparison:
    """Everything new, changed, lost or blown up in `delivered`."""
    before, after = dict(_entries(base)), dict(_entries(delivered))
    new = frozenset(_texts(delivered)) - frozenset(_texts(base))
    changed = sum(
        _identity(after[place]) != _identity(entry)
        for place, entry in before.items()
        if place in after
    )
    own = {k: v for k, v in base["basics"].items() if k not in _WORDING}
    its = {k: v for k, v in delivered["basics"].items() if k not in _WORDING}
    # The one group that a tailoring may add holds keywords, which `new` has.
    added = sum(place not in before and bool(_identity(after[place])) for place in after)
    grown = sum(
        place in after and _words(after[place]) > max(1.8 * _words(entry), _words(entry) + 8)
        for place, entry in before.items()
    )
    return Comparison(
        new=new,
        changed_fields=changed + (own != its) + added,
        lost_entries=sum(place not in after for place in before),
        grown_entries=grown,
    )


def said_by(lie: Lie) -> Said:
    """What the document would say if the lie were in it."""
    change = lie.change
    place = "summary" if change.kind == "rewrite_summary" else change.entry_id
    return Said(place, _plain(change.after))


def _entries(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for section, entries in document.items():
        for entry in entries if isinstance(entries, list) else ():
            yield f"{section}/{entry['id']}", entry


def _identity(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in entry.items() if k not in {"highlights", "keywords", "id"}}
    return {} if kept == {"name": "Skills"} else kept


def _texts(document: dict[str, Any]) -> Iterator[Said]:
    for field in ("summary", "label"):
        if document["basics"].get(field):
            yield Said(field, _plain(document["basics"][field]))
    for place, entry in _entries(document):
        for field in ("highlights", "keywords"):
            for text in entry.get(field, ()):
                yield Said(place.partition("/")[2], _plain(text))


def _words(entry: dict[str, Any]) -> int:
    return sum(len(text.split()) for text in entry.get("highlights", ()))


def _plain(text: str) -> str:
    return " ".join(text.split())

"""A resume taken apart for editing: entries, highlights and keywords under their base ids."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from resume_core.facts import find_entry, highlight_ids, keyword_ids
from resume_core.model import SECTIONS, Basics, Entry, Resume, Skill
from resume_core.text import normalise

#: The skill group that takes proven skills of a resume that has no group of its own.
PROVEN_SKILLS_ID: Final = "skills-proven"
PROVEN_SKILLS_NAME: Final = "Skills"
#: What the ids of added lines start with.
ADDED: Final = "added:"
_T = TypeVar("_T")
_FIELDS: Mapping[str, str] = MappingProxyType(
    {"h": "highlights", "k": "keywords"},
)


class Draft:
    """The working copy behind `apply_changes`; unknown ids are ignored, nothing is invented."""

    def __init__(self, base: Resume) -> None:
        self._base = base
        self._basics: dict[str, str] = {}
        self._entries: dict[str, list[Entry]] = {}  # of sections whose list is touched
        self._items: dict[tuple[str, str], list[tuple[str, str, str]]] = {}  # touched ones

    def _lines(self, section: str, entry_id: str) -> list[tuple[str, str, str]] | None:
        """The editable lines of an entry, taken apart at the first touch; None if unknown."""
        if (section, entry_id) not in self._items:
            entry = find_entry(self._base, section, entry_id)
            if entry is None:
                return None
            self._items[section, entry_id] = _items(entry)
        return self._items[section, entry_id]

    def _list(self, section: str) -> list[Entry]:
        """The editable list of a section's entries, copied at the first touch."""
        if section not in self._entries:
            self._entries[section] = list(getattr(self._base, section))
        return self._entries[section]

    def set_basics(self, field: str, text: str) -> None:
        """Put a text into `basics.summary` or `basics.label`."""
        self._basics[field] = text

    def replace(self, section: str, entry_id: str, item_id: str, text: str) -> None:
        """Give a highlight or keyword another text; it keeps its base id and place."""
        items = self._lines(section, entry_id) or []
        for at, (kind, found, _) in enumerate(items):
            if found == item_id:
                items[at] = (kind, found, text)

    def add_keyword(self, section: str, entry_id: str, text: str) -> None:
        """Append a keyword to an entry unless it has it; to a new skill group without an entry."""
        if section == "skills" and (not entry_id or entry_id == PROVEN_SKILLS_ID):
            entry_id = self._proven_group()
        self._add("k", section, entry_id, text)

    def add_highlight(self, section: str, entry_id: str, text: str) -> None:
        """Append a line to an entry unless it has it."""
        self._add("h", section, entry_id, text)

    def _add(self, kind: str, section: str, entry_id: str, text: str) -> None:
        items = self._lines(section, entry_id)
        if items is None:
            return
        if normalise(text) not in {normalise(t) for k, _, t in items if k == kind}:
            items.append((kind, added_id(_FIELDS[kind], text), text))

    def _proven_group(self) -> str:
        if self._lines("skills", PROVEN_SKILLS_ID) is None:
            group = Skill(id=PROVEN_SKILLS_ID, name=PROVEN_SKILLS_NAME)
            self._list("skills").append(group)
            self._items["skills", PROVEN_SKILLS_ID] = []
        return PROVEN_SKILLS_ID

    def order_entries(self, section: str, ids: Iterable[str]) -> None:
        """Bring entries into an order; those not named follow as they stood."""
        if section in SECTIONS:
            entries = self._list(section)
            self._entries[section] = in_order(entries, [e.id for e in entries], ids)

    def order_items(self, section: str, entry_id: str, ids: Iterable[str]) -> None:
        """Bring an entry's highlights or keywords into an order; others follow as they stood."""
        items = self._lines(section, entry_id)
        if items is not None:
            self._items[section, entry_id] = in_order(items, [i for _, i, _ in items], ids)

    def hide_entry(self, section: str, entry_id: str) -> None:
        """Leave an entry out."""
        if section in SECTIONS:
            self._entries[section] = [e for e in self._list(section) if e.id != entry_id]

    def hide_item(self, section: str, entry_id: str, item_id: str) -> None:
        """Leave a highlight or keyword out."""
        items = self._lines(section, entry_id)
        if items is not None:
            self._items[section, entry_id] = [i for i in items if i[1] != item_id]

    def resume(self) -> Resume:
        """The edited document; what nothing touched are the base's own objects."""
        touched = self._entries.keys() | {section for section, _ in self._items}
        update: dict[str, Any] = {
            section: tuple(self._rebuilt(section, entry) for entry in self._list(section))
            for section in touched
        }
        if self._basics:
            basics: Basics = self._base.basics
            update["basics"] = basics.model_copy(update=self._basics)
        return self._base.model_copy(update=update)

    def _rebuilt(self, section: str, entry: Entry) -> Entry:
        items = self._items.get((section, entry.id))
        if items is None or items == _items(entry):
            return entry
        update = {
            field: tuple(text for k, _, text in items if k == kind)
            for kind, field in _FIELDS.items()
            if hasattr(entry, field)
        }
        return entry.model_copy(update=update)


def added_id(field: str, text: str) -> str:
    """The id, within its entry, of a highlight or keyword that the base does not have."""
    return f"{ADDED}{field}:{normalise(text)}"


def _items(entry: Entry) -> list[tuple[str, str, str]]:
    """An entry's editable lines as (kind, id, text)."""
    highlights: tuple[str, ...] = getattr(entry, "highlights", ())
    keywords: tuple[str, ...] = getattr(entry, "keywords", ())
    return [
        *(("h", i, t) for i, t in zip(highlight_ids(entry), highlights, strict=True)),
        *(("k", i, t) for i, t in zip(keyword_ids(entry), keywords, strict=True)),
    ]


def in_order(things: list[_T], keys: list[str], ids: Iterable[str]) -> list[_T]:
    """The things whose keys are named in `ids` first, in that order; the others as they stood."""
    wanted = {identifier: at for at, identifier in reversed(list(enumerate(ids)))}
    places = sorted(range(len(things)), key=lambda at: (wanted.get(keys[at], len(wanted)), at))
    return [things[at] for at in places]

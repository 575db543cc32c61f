"""A stand-in's reading of a resume's lines: which are an entry's head and which its bullets.

It goes by headings, dates and bullets alone and is often wrong about who is the employer, as models
are; what it points at always stands there.
"""

import json
import re
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

Lines = list[tuple[int, str]]
Entry = dict[str, Any]

_FENCE: Final = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_HEADINGS: Final = {
    "work": "experience|work experience|professional experience|employment|berufserfahrung|"
    "expérience professionnelle|experiencia laboral|experiencia",
    "education": "education|ausbildung|studium|formation|formación",
    "projects": "projects|projekte|projets|proyectos",
    "volunteer": "volunteering|volunteer experience|ehrenamt|bénévolat|voluntariado",
    "": "skills|technical skills|languages|summary|profile|contact|certificates|interests|awards|"
    "publications|references|kenntnisse|sprachen|compétences|langues|habilidades|idiomas",
}
_SECTION_OF: Final = {name: key for key, names in _HEADINGS.items() for name in names.split("|")}
_MONTH: Final = r"(?:(?:[^\W\d_]{3,9}\.?|\d{1,2}[./])\s?)?"
_YEAR: Final = r"(?:19|20)\d\d"
_DATES: Final = re.compile(
    rf"{_MONTH}{_YEAR}(?:\s*[-\u2013\u2014]\s*(?:{_MONTH}{_YEAR}|present|today|heute|"
    r"aujourd['\u2019]hui|actualidad))?",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"\s*(?:,|\||@|\u00b7|\s[\u2013\u2014-]\s|\bat\b)\s*")
_SEPARATOR: Final = re.compile(rf"^(?:{_PARTS.pattern})+")
_SCHOOL: Final = re.compile(
    r"univers|school|college|academ|schule|institut|escuela|école", re.IGNORECASE
)
_BULLET: Final = "- "


def find_lines(texts: Iterable[str]) -> Lines | None:
    """The last fenced block that holds the numbered lines of a resume; None when there is none."""
    for text in reversed(list(texts)):
        for block in reversed(_FENCE.findall(text)):
            try:
                lines = json.loads(block)["lines"]
                return [(int(number), str(line)) for number, line in lines]
            except (ValueError, KeyError, TypeError):
                continue  # some other block: the prompt may quote more than one
    return None


def asks_for_pointers(schema: dict[str, Any]) -> bool:
    """Whether a schema is one of entries with heads and bodies that point at lines."""
    entry = schema.get("$defs", {}).get("PointedEntry", {})
    return set(entry.get("properties", {})) == {"section", "head", "body"}


def point(lines: Lines) -> list[Entry]:
    """The entries of the sections with dates, in the order of the lines."""
    entries: list[Entry] = []
    section = ""
    for number, text in lines:
        heading = _SECTION_OF.get(text.strip(" :").casefold())
        if heading is not None:
            section = heading
            entries.append({})
        elif section and text.startswith(_BULLET):
            if entries[-1]:
                entries[-1]["body"].append({"first": number, "last": number})
        elif section and text[:1].islower() and entries[-1].get("body"):
            entries[-1]["body"][-1]["last"] = number
        elif section:
            _read_head(entries, section, number, text)
    return [entry for entry in entries if entry.get("head")]


def _read_head(entries: list[Entry], section: str, number: int, text: str) -> None:
    """A line is a part of the head above it, unless that is complete or has bullets already."""
    current = entries[-1]
    told = {pointer["kind"] for pointer in current.get("head", ())}
    pointers = list(_pointers(section, number, text, told))
    again = not pointers or any(pointer["kind"] in told for pointer in pointers)
    if not current or current["body"] or again:
        current = {"section": section, "head": [], "body": []}
        entries.append(current)
        pointers = list(_pointers(section, number, text, set()))
    current["head"] += pointers


def _pointers(
    section: str, number: int, text: str, told: Container[str]
) -> Iterator[dict[str, Any]]:
    """What a line says, where the head has `told` already what these kinds are."""
    dates = _DATES.search(text)
    if dates:
        yield {"kind": "dates", "line": number, "text": dates[0]}
        text = f"{text[: dates.start()].rstrip(' (')}|{text[dates.end() :].lstrip(' )')}"
    if section == "education":
        for part in filter(None, _PARTS.split(text)):
            yield from _studied(number, part)
        return
    rest = text.strip(" |")
    for kind in ("title", "organisation", "place"):
        if kind not in told and rest:
            # What is left is the place, with its commas.
            part = rest if kind == "place" else _PARTS.split(rest, maxsplit=1)[0]
            yield {"kind": kind, "line": number, "text": part.partition("|")[0].strip()}
            rest = _SEPARATOR.sub("", rest[len(part) :])


def _studied(number: int, part: str) -> Iterator[dict[str, Any]]:
    degree, _, field = part.partition(" in ")
    if _SCHOOL.search(part):
        yield {"kind": "organisation", "line": number, "text": part}
    elif field:
        yield {"kind": "degree", "line": number, "text": degree}
        yield {"kind": "field", "line": number, "text": field}

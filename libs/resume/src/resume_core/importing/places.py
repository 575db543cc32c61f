"""Places, recognised without a gazetteer: by form, by country and state, by the largest cities."""

import re
from typing import Final

from resume_core.importing.lexicon import is_school, organisationness, titleness
from resume_core.importing.words import load_words
from resume_core.model import Location

_REMOTE: Final = re.compile(
    r"(?:fully\s+)?(?:remote(?:ly)?|hybrid|on-?site|home\s?office|télétravail)"
    r"(?:\s*[,(/\u2013-].*|\s+(?:from|in)\s.*)?",
    re.IGNORECASE,
)
_ZIP: Final = re.compile(
    r"(?:[A-Z]-?|D-)?\b(\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|"
    r"[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b"
)
_STREET: Final = re.compile(
    r"\b(?:\w*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring))\s+\d+|"
    r"^\d+[a-z]?,?\s+\S.*\b(?:st|street|ave|avenue|rd|road|blvd|lane|ln|drive|dr|court|ct|way|rue|"
    r"avenue|boulevard|place|square|terrace)\b\.?",
    re.IGNORECASE,
)
_FLAT: Final = re.compile(r"(?:apt|apartment|unit|suite|floor|flat|no|c/o)\b|#", re.IGNORECASE)
_CODE: Final = re.compile(r"(?!UK)[A-Z]{2}")
_MODE: Final = re.compile(r"\s*[(/,\u2013-]\s*(?:remote|hybrid|on-?site)\)?$", re.IGNORECASE)
_NAME: Final = re.compile(r"[^\W\d_][\w.'\u2019 -]*(?:\s\([\w -]+\))?")


def is_place(text: str) -> bool:
    """Whether the whole text reads as a place: "Berlin", "Austin, TX", "Remote", "Pune, India"."""
    text = text.strip(" ,;()")
    if not text or len(text) > 60:
        return False
    if _REMOTE.fullmatch(text):
        return True
    text = _MODE.sub("", text)
    parts = [part.strip() for part in _ZIP.sub("", text).split(",") if part.strip()]
    if not 1 <= len(parts) <= 4 or not all(_NAME.fullmatch(part) for part in parts):
        return False
    if organisationness(parts[0]) > 0 or titleness(parts[0]) > 0 or is_school(parts[0]):
        return False
    if len(parts) > 2 and not (_is_city(parts[0]) or parts[-2].casefold() in load_words().regions):
        return False  # what stands before "Kista, Sweden" or "Fresno, CA" is no place itself
    if len(parts) == 1:
        return _known(parts[0]) or (" " in parts[0] and _ends_in_state(parts[0]))
    if _known(parts[0]):
        return len(parts[1].split()) <= 3 or _known_area(parts[-1])
    # Before a city stands an employer far oftener than a district: "Casa Nual, Barcelona".
    return _known_area(parts[-1]) and not (_is_city(parts[-1]) and not _is_wider(parts[-1]))


def split_place(text: str) -> tuple[str, str]:
    """Cut a place off the end of "Acme GmbH, Berlin, Germany"; ("…", "") where there is none."""
    commas = [match.start() for match in re.finditer(",", text)]
    for comma in commas:
        head, tail = text[:comma].strip(), text[comma + 1 :].strip()
        if head and is_place(tail):
            return head, tail
    return text, ""


def read_place(text: str) -> Location | None:
    """A place as a JSON Resume location, with only what is written."""
    text = _MODE.sub("", text.strip(" ,;|"))
    address = None
    street = _STREET.search(text)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if street and parts and _STREET.search(parts[0]):
        flat = 2 if len(parts) > 2 and _FLAT.match(parts[1]) else 1
        address, parts = ", ".join(parts[:flat]), parts[flat:]
    code = next((m[1] for part in parts if (m := _ZIP.search(part))), None)
    parts = [part for p in parts if (part := _ZIP.sub("", p).strip(" -"))]
    if not parts:
        return Location(address=address, postal_code=code) if address or code else None
    city, *area = parts
    # "City, CA" is California, not Canada; other two-letter endings may be a country's code.
    is_code = bool(area) and _CODE.fullmatch(area[-1]) and area[-1] not in load_words().states
    country_code = area.pop() if is_code and area[-1].casefold() in load_words().countries else None
    return Location(
        address=address,
        postal_code=code,
        city=city,
        region=", ".join(area) or None,
        country_code=country_code,
    )


def has_street(text: str) -> bool:
    """Whether the text holds a street and number."""
    return _STREET.search(text) is not None


def _known(name: str) -> bool:
    words, folded = load_words(), name.casefold()
    country = folded in words.countries and len(name) > 3
    return country or folded in words.cities or folded in words.regions


def _is_wider(name: str) -> bool:
    """Whether the name is also that of a state, region or country: "New York"."""
    words, folded = load_words(), name.casefold()
    return name in words.states or folded in words.regions or folded in words.countries


def _is_city(name: str) -> bool:
    return name.casefold() in load_words().cities


def _known_area(name: str) -> bool:
    words, folded = load_words(), name.casefold()
    country = folded in words.countries and (len(name) > 2 or name.isupper())
    return country or name in words.states or folded in words.regions or folded in words.cities


def _ends_in_state(name: str) -> bool:
    city, _, state = name.rpartition(" ")
    return state in load_words().states and city.casefold() in load_words().cities

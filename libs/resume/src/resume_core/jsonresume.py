"""JSON Resume in and out: old names accepted, dates checked, our own required minimum enforced."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

from resume_core.dates import is_now, parse_date
from resume_core.facts import without_confirmed
from resume_core.model import SECTIONS, Resume

#: The most a resume may weigh as UTF-8 JSON, in bytes.
RESUME_LIMIT_BYTES: Final = 48 * 1024
SCHEMA_URL: Final = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
_MAX_DEPTH: Final = 12
_MAX_PROBLEMS: Final = 20
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE_FIELDS: Final = ("startDate", "endDate", "date", "releaseDate")
#: Names of schema 0.x that 1.x changed: (section or "basics", old, new).
_RENAMED: Final = (
    ("basics", "picture", "image"),
    ("basics", "website", "url"),
    ("work", "company", "name"),
    ("work", "website", "url"),
    ("volunteer", "website", "url"),
    ("publications", "website", "url"),
)


class ResumeInvalidError(ValueError):
    """The document is no usable resume. `problems` name paths, never values."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse_json_resume(data: Any) -> Resume:
    """Read decoded JSON as a resume.

    Names of schema 0.x are renamed, empty values dropped, numbers where text belongs taken as
    text, dates normalised to ISO at their written precision, "Present" becomes no `endDate`. No
    document confirms facts: those it brings are left out.

    Raises:
        ResumeInvalidError: no object, too deep or above `RESUME_LIMIT_BYTES`, a field of the wrong
            type, a date that is not in the calendar, no name, or not one entry.
    """
    if not isinstance(data, dict):
        raise ResumeInvalidError(["$: must be a JSON object"])
    if _depth(data) > _MAX_DEPTH:
        raise ResumeInvalidError([f"$: nested deeper than {_MAX_DEPTH} levels"])
    document = prepared(data)
    problems = list(_normalise_dates(document))
    try:
        resume = Resume.model_validate(document)
    except ValidationError as error:
        problems += [f"{_path(item['loc'])}: {_wording(item['type'])}" for item in error.errors()]
        raise ResumeInvalidError(problems[:_MAX_PROBLEMS]) from None
    resume = without_confirmed(resume)
    problems += _missing(resume)
    if not problems and json_size(resume) > RESUME_LIMIT_BYTES:
        problems.append(f"$: larger than {RESUME_LIMIT_BYTES // 1024} KiB")
    if problems:
        raise ResumeInvalidError(problems[:_MAX_PROBLEMS])
    return resume


def prepared(data: dict[str, Any]) -> dict[str, Any]:
    """A copy with today's names and without empty values; texts that need no change are kept."""
    document: dict[str, Any] = _pruned(data)
    _rename(document)
    return document


def to_json_resume(resume: Resume, *, strict: bool = False) -> dict[str, Any]:
    """The resume as JSON-ready data, without empty fields.

    `strict` gives the plain standard: no ids and no `x-` fields, with `$schema`.
    """
    document = resume.model_dump(mode="json", by_alias=True, exclude_none=True)
    compact: dict[str, Any] = _compact(document, strict=strict)
    return {"$schema": SCHEMA_URL, **compact} if strict else compact


def json_size(resume: Resume) -> int:
    """What the resume weighs as compact UTF-8 JSON, in bytes."""
    text = json.dumps(to_json_resume(resume), ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", errors="surrogatepass"))


def _depth(data: Any) -> int:
    """How deep the data nests; iterative, so that no input can exhaust the stack."""
    deepest, level = 0, [data]
    while level and deepest <= _MAX_DEPTH:
        deepest += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return deepest


def _pruned(value: Any) -> Any:
    """A copy without nulls, blank strings and control characters, in keys as in values."""
    if isinstance(value, dict):
        cleaned = {_storable(str(key)): _pruned(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if key and item is not None}
    if isinstance(value, list):
        return [item for item in map(_pruned, value) if item is not None]
    if isinstance(value, str):
        text = _storable(value)
        return value if text == value else text or None
    return value


def _storable(text: str) -> str:
    # Databases refuse NUL, encoders refuse half a surrogate pair; neither is text.
    return _CONTROL.sub("", text).encode("utf-8", errors="ignore").decode().strip()


def _rename(document: dict[str, Any]) -> None:
    if "hobbies" in document:
        document.setdefault("interests", document.pop("hobbies"))
    for section, old, new in _RENAMED:
        node = document.get(section)
        for item in node if isinstance(node, list) else [node]:
            if isinstance(item, dict) and old in item:
                item.setdefault(new, item.pop(old))
                item.pop(old, None)


def _normalise_dates(document: dict[str, Any]) -> Iterator[str]:
    for section in SECTIONS:
        entries = document.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            for field in _DATE_FIELDS:
                if not isinstance(entry, dict) or field not in entry:
                    continue
                written = str(entry[field])
                if field == "endDate" and is_now(written):
                    del entry[field]
                elif (date := parse_date(written)) is not None:
                    entry[field] = date
                else:
                    yield f"{section}[{index}].{field}: not a calendar date"


def _path(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "$"


def _wording(error_type: str) -> str:
    kinds = {
        "string_type": "must be text",
        "tuple_type": "must be a list",
        "dict_type": "must be an object",
        "model_type": "must be an object",
        "model_attributes_type": "must be an object",
    }
    return kinds.get(error_type, "has the wrong type")


def _missing(resume: Resume) -> Iterator[str]:
    if not resume.basics.name:
        yield "basics.name: required"
    if not any(getattr(resume, section) for section in SECTIONS):
        yield "$: needs at least one entry (work, education, projects, skills, …)"


def _compact(value: Any, *, strict: bool) -> Any:
    if isinstance(value, dict):
        kept = {
            key: _compact(item, strict=strict)
            for key, item in value.items()
            if not (strict and (key == "id" or key.startswith(("x-", "x_"))))
        }
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_compact(item, strict=strict) for item in value]
    return value

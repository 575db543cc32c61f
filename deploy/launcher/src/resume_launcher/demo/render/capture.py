"""A posting as it was captured: what it states and where, and what it asks for with weights."""

from collections.abc import Iterator

from resume_launcher.demo.render.base import ROUTES, Known, Read, Status, count, ending, short

STATED = {
    "title": "Title",
    "company": "Company",
    "location": "Place",
    "employmentType": "Kind",
    "salary": "Salary",
    "datePosted": "Posted",
    "validThrough": "Until",
}


class Stated(Read):
    """A field and where it was read."""

    value: str
    source: str
    span: tuple[int, int] | None = None


class Requirement(Read):
    """What it asks for, and where in its text."""

    text: str
    kind: str
    weight: int
    start: int = -1
    end: int = -1


class Captured(Read):
    """A stored posting, as far as it is printed."""

    text: str
    url: str | None = None
    language: str | None = None
    expired: bool = False
    route: str
    stated: dict[str, Stated | None]
    requirements: tuple[Requirement, ...] = ()


def lines(status: Status, known: Known) -> Iterator[str]:
    """The posting behind a capture's job."""
    read = Captured.model_validate(known.posting)
    title, company = read.stated.get("title"), read.stated.get("company")
    name = " at ".join(field.value for field in (title, company) if field)
    yield f"Posting: {name or 'without a title'}"
    language = f", language {read.language}" if read.language else ""
    yield f"  Read from {ROUTES.get(read.route, read.route)}{language}; kept as it was read."
    if read.expired:
        yield "  Note: the posting itself says that its time to apply is over."
    yield from ending(status)
    yield ""
    for field, label in STATED.items():
        found = read.stated.get(field)
        if found is not None:
            said = ROUTES.get(found.source, found.source)
            value = found.value.replace("_", " ").lower() if label == "Kind" else found.value
            yield f"  {label + ':':<9} {value} (from {said})"
        elif field in {"title", "company", "salary"}:
            yield f"  {label + ':':<9} not stated"
    yield ""
    asked = sorted(read.requirements, key=lambda r: -r.weight)
    yield f"Asks for ({len(asked)}):" if asked else "Asks for: nothing that was recognised."
    for requirement in known.some(asked):
        yield f"  * {requirement.text} ({requirement.kind}, weight {requirement.weight})"
        yield f"      “{_evidence(read.text, requirement)}”"
    yield from known.rest(asked)
    yield f"  Text: {count(len(read.text), 'character')}"


def _evidence(text: str, requirement: Requirement) -> str:
    """The line that asks for it."""
    start = text.rfind("\n", 0, max(requirement.start, 0)) + 1
    end = text.find("\n", requirement.end)
    return short(text[start : end if end >= 0 else None].lstrip("-*• "))

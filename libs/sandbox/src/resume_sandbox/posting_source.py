"""What a page says about a posting, to fill any schema about postings from."""

from collections.abc import Sequence
from html import unescape
from typing import Any, Final

from resume_sandbox.filling import Empty, Source
from resume_sandbox.page_reader import PageText, read_page

#: (parts of a property's name, what it asks for); the first that fits.
_MEANINGS: Final = (
    (("currency",), "currency"),
    (("min", "low", "from"), "low"),
    (("max", "high", "to_", "upper"), "high"),
    (("salary", "pay", "compensation"), "pay"),
    (("valid", "expire", "deadline", "closing"), "valid_through"),
    (("posted", "date"), "posted"),
    (("employment", "contract", "type"), "employment"),
    (("country",), "country"),
    (("city", "location", "place"), "city"),
    (("company", "organization", "organisation", "employer"), "company"),
    (("title", "role", "position", "name"), "title"),
    (("language",), "language"),
    (("description", "summary", "text", "content", "body"), "description"),
)


class PostingSource(Empty):
    """A page's posting: its JSON-LD where it has some, else what it shows."""

    def __init__(self, page: PageText) -> None:
        self._page = page
        self._facts: dict[str, Any] = {} if page.asks_for_password else _facts(page)

    def knows(self, name: str) -> bool:
        """Whether the page says it."""
        return bool(self._fact(name)) or bool(self.items(name)) or _is_remote(name)

    def text(self, name: str) -> str:
        """Title, company, place, text, ...; empty when the page does not say."""
        found = self._fact(name)
        return "" if found is None else str(found)

    def number(self, name: str) -> float:
        """The bounds of the salary, else 0."""
        found = self._fact(name)
        return found if isinstance(found, int | float) else 0

    def flag(self, name: str) -> bool:
        """Whether the work is remote; nothing else is known."""
        return _is_remote(name) and bool(self._facts.get("remote"))

    def items(self, name: str) -> Sequence[Source]:
        """The page's bullets, for whatever is a list of what is asked or offered."""
        lowered = name.lower()
        parts = ("require", "responsib", "qualif", "skill", "benefit", "duties", "bullet")
        if not self._facts or not any(part in lowered for part in parts):
            return ()
        return [_Line(bullet) for bullet in self._page.bullets]

    def _fact(self, name: str) -> Any:
        lowered = name.lower()
        for parts, meaning in _MEANINGS:
            if any(part in lowered for part in parts):
                return self._facts.get(meaning)
        return None


class _Line(Empty):
    def __init__(self, text: str) -> None:
        self._text = text

    def text(self, name: str) -> str:  # noqa: ARG002  the port's signature
        """The line."""
        return self._text


def _is_remote(name: str) -> bool:
    return "remote" in name.lower()


def _facts(page: PageText) -> dict[str, Any]:
    item = page.job_posting
    if item is None:
        return {
            "title": page.heading,
            "company": page.site,
            "description": page.markdown,
            "language": page.language,
        }
    organization = _first(item.get("hiringOrganization"))
    address = _in(_first(item.get("jobLocation")), "address")
    salary = _in(item, "baseSalary")
    amount = _in(salary, "value")
    html = unescape(str(_first(item.get("description"))))
    return {
        "title": _first(item.get("title")),
        "company": _in(organization, "name") or organization,
        "city": _in(address, "addressLocality"),
        "country": _in(address, "addressCountry"),
        "description": read_page(html, only_main=False).markdown,
        "employment": _first(item.get("employmentType")),
        "posted": item.get("datePosted"),
        "valid_through": item.get("validThrough"),
        "remote": item.get("jobLocationType") == "TELECOMMUTE",
        "currency": _in(salary, "currency"),
        "low": _in(amount, "minValue"),
        "high": _in(amount, "maxValue"),
        "pay": _in(amount, "minValue"),
        "language": page.language,
    }


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _in(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None

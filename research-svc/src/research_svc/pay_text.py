"""Amounts of money, dates, periods and counts as texts about pay write them.

Words are those of the product's languages: English, German, French and Spanish.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

#: What parts thousands and is no full stop and no comma.
_GAP: Final = r"'\u2019 \u00a0\u202f"
_NUMBER: Final = (
    rf"\d{{1,3}}(?:[.,{_GAP}]\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:[.,]\d{{1,2}})?(?!\d)"
)
_AMOUNT: Final = re.compile(rf"(?<![\d.,])({_NUMBER})(\s?k\b)?", re.IGNORECASE)
#: What may stand between the ends of a range.
_TO: Final = re.compile(r"\s*(?:[-\u2013\u2014]|to|and|bis|und|à|et|a|y)\s*", re.IGNORECASE)
_CURRENCY: Final = re.compile(
    r"\b(?P<code>[A-Z]{3})\b|(?P<dollar>(?:US|CA|C|AU|A|NZ|HK|S)?\$)|(?P<sign>[€£₹]|zł|[Ee]uros?\b)"
)
_SIGNS: Final = {"€": "EUR", "euro": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "US$": "USD"}
#: A page of these writes another dollar with the same sign.
_OTHER_DOLLARS: Final = re.compile(
    r"\b(?:CAD|AUD|NZD|SGD|HKD|Canad\w*|Austral\w*|New Zealand|Singapore|Hong Kong)\b"
    r"|(?:[AC]|NZ|HK|(?<!U)S)\$"
)
_PERIODS: Final = {
    "year": r"(?:per|a|each) (?:year|annum)|p\.\s?a\.|/\s?(?:yr|year)|annual\w*|yearly"
    r"|pro jahr|im jahr|jährlich\w*|jahres\w*|par an|annuel\w*|al año|anual\w*",
    "month": r"(?:per|a|each) month|/\s?(?:mo|month)|monthly|pro monat|im monat|monatlich\w*"
    r"|monats\w*|par mois|mensuel\w*|al mes|mensual\w*",
    "week": r"(?:per|a|each) week|/\s?week|weekly|pro woche|wöchentlich\w*|par semaine|por semana",
    "day": r"(?:per|a|each) day|/\s?day|daily|pro tag|am tag|tages\w*|par jour|al día|por día",
    "hour": r"(?:per|an|each) hour|/\s?(?:h|hr|hour)\b|hourly|pro stunde|stunden\w*|de l'heure"
    r"|par heure|por hora",
}
_PERIOD: Final = {
    name: re.compile(rf"(?<!\w)(?:{p})", re.IGNORECASE) for name, p in _PERIODS.items()
}
_MONTHS: Final = (
    "january januar janvier enero",
    "february februar février febrero",
    "march märz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august août agosto",
    "september septembre septiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember décembre diciembre",
)
_MONTH: Final = {word: n for n, words in enumerate(_MONTHS, 1) for word in words.split()}
_NAMED: Final = "|".join(_MONTH)
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b",
        r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s(?:de\s)?(?P<name>{_NAMED})\s(?:de\s)?(?P<y>\d{{4}})\b",
        rf"\b(?P<name>{_NAMED})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,\s(?P<y>\d{{4}})\b",
        rf"\b(?P<name>{_NAMED})\s(?:de\s)?(?P<y>\d{{4}})\b",
        r"\bq(?P<q>[1-4])[\s/]+(?P<y>\d{4})\b",
        r"\b(?P<y>\d{4})[\s/-]?q(?P<q>[1-4])\b",
        r"\b(?P<m>\d{1,2})/(?P<y>\d{4})\b",
        r"\b(?P<y>\d{4})-(?P<m>\d{2})\b(?!-)",
        r"(?<![\d.,€£$])\b(?P<y>20\d{2})\b(?![.,]?\d)",
    )
)
_COUNTED: Final = (
    r"people|persons|employees|respondents|responses|participants|salar(?:y|ies)|reports?|entries"
    r"|profiles?|postings?|jobs?|ads?|records?|answers|workers|professionals|data points"
    r"|personen|befragte\w*|beschäftigte\w*|angaben|gehälter\w*|datensätze\w*|stellen\w*"
    r"|personnes|salariés|réponses|salaires|offres|annonces"
    r"|personas|empleados|respuestas|salarios|ofertas"
)
_COUNT: Final = re.compile(
    rf"\bn\s?=\s?(?P<n>{_NUMBER})|(?<![\d.,])(?P<of>{_NUMBER})\s(?:[\w-]+\s){{0,2}}(?:{_COUNTED})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the currency beside it; None: none stands there."""

    value: float
    currency: str | None


def amounts(text: str, page: str) -> list[Amount]:
    """The numbers of a statement with the currencies beside them.

    The end of a range without a currency of its own has that of the other end, and so has its
    "k". A bare dollar is a US one unless the `page` speaks of another.
    """
    found = list(_AMOUNT.finditer(text))
    signs = [(*m.span(), _code(m, page)) for m in _CURRENCY.finditer(text)]
    thousands = [m[2] is not None for m in found]
    beside = [_beside(m.span(), text, signs) for m in found]
    for at in range(1, len(found)):
        between = text[found[at - 1].end() : found[at].start()]
        if _TO.fullmatch(_CURRENCY.sub("", between)) is None:
            continue
        beside[at] = beside[at] or beside[at - 1]
        beside[at - 1] = beside[at - 1] or beside[at]
        thousands[at - 1] |= thousands[at] and number(found[at - 1][1]) < 1000
    return [
        Amount(number(m[1]) * (1000 if k else 1), sign)
        for m, k, sign in zip(found, thousands, beside, strict=True)
    ]


def number(text: str) -> float:
    """A number as it is written; a separator before three digits parts thousands."""
    whole = re.sub(f"[{_GAP}]", "", text)
    whole = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", whole)
    return float(whole.replace(",", "."))


def periods(text: str) -> set[str]:
    """The periods of pay that a text speaks of."""
    return {name for name, pattern in _PERIOD.items() if pattern.search(text)}


def dates(text: str) -> set[date]:
    """The dates that a text states; of a month, a quarter or a year the last day."""
    left, found = text, set[date]()
    for pattern in _DATES:
        found.update(day for m in pattern.finditer(left) if (day := _day(m)) is not None)
        left = pattern.sub(" ", left)
    return found


def counts(text: str) -> set[int]:
    """How many people, postings and the like a text says that it is about."""
    said = (m["n"] or m["of"] for m in _COUNT.finditer(text))
    return {int(n) for n in map(number, said) if n.is_integer()}


def statements(text: str) -> Iterator[str]:
    """The sentences and lines of a text."""
    for line in text.splitlines():
        yield from filter(str.strip, re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-zäöüß])|[;|]", line))


def _code(match: re.Match[str], page: str) -> str | None:
    if match["code"]:
        return match["code"]
    sign = match["dollar"] or match["sign"]
    if sign == "$":
        return None if _OTHER_DOLLARS.search(page) else "USD"
    return _SIGNS.get(sign.lower().rstrip("s"), _SIGNS.get(sign))


def _beside(
    span: tuple[int, int], text: str, signs: list[tuple[int, int, str | None]]
) -> str | None:
    """The currency right before or right behind a number."""
    first, last = span
    before = [code for _, end, code in signs if end <= first and not text[end:first].strip()]
    behind = [code for start, _, code in signs if start >= last and not text[last:start].strip()]
    return next(filter(None, [*before, *behind]), None)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["y"])
    month = int(parts.get("m") or 0) or _MONTH.get((parts.get("name") or "").lower(), 0)
    month = month or 3 * int(parts.get("q") or 4)
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(parts.get("d") or last))
    except (ValueError, calendar.IllegalMonthError):
        return None

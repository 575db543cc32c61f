"""Dates as people write them, read at the precision they were written with.

Understands the month names of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
Swedish and Russian, numeric forms and spans. Never adds
a month or a day that was not written.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

_MONTH_NAMES: Final = {
    1: "january januar jan janvier janv enero ene jänner"
    " gennaio janeiro januari styczeń stycznia январь января",
    2: "february februar feb février fevrier févr fevr fév febrero"
    " febbraio fevereiro februari luty lutego февраль февраля",
    3: "march märz maerz mar mär mars marzo mrz março maart marzec marca март марта",
    4: "april apr avril avr abril abr aprile kwiecień kwietnia апрель апреля",
    5: "may mai mayo maggio maio mei maj maja май мая",
    6: "june juni jun juin junio giugno junho czerwiec czerwca июнь июня",
    7: "july juli jul juillet juil julio luglio julho lipiec lipca июль июля",
    8: "august aug août aout agosto ago augustus augusti sierpień sierpnia август августа",
    9: "september sept sep septembre septiembre"
    " settembre setembro wrzesień września сентябрь сентября",
    10: "october oktober okt oct octobre octubre"
    " ottobre outubro październik października октябрь октября",
    11: "november nov novembre noviembre novembro listopad listopada ноябрь ноября",
    12: "december dezember dez dec décembre decembre déc diciembre dic"
    " dicembre dezembro grudzień grudnia декабрь декабря",
}
_MONTHS: Final = {name: n for n, names in _MONTH_NAMES.items() for name in names.split()}
_NOW: Final = (
    r"present|current(?:ly)?|now|today|ongoing|to\s+date|date|heute|aktuell|jetzt|laufend|"
    r"aujourd[\u2019']hui|présent|actuel(?:lement)?|en\s+cours|la\s+actualidad|actualidad|actualmente|"
    r"presente|hoy|gegenwart|oggi|atual|heden|obecnie|halen|"
    r"σήμερα|настоящее\s+время|дотепер|حتى\s+الآن|היום|至今|现在|現在|현재"
)
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR: Final = r"(?:19[4-9]\d|20[0-4]\d)"
_ATOM: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH},?\s+{_YEAR}(?!\d)"  # 5 March 2020
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)"  # March 5, 2020
    rf"|{_MONTH}\s*[,/-]?\s*(?:de\s+)?{_YEAR}(?!\d)"  # March 2020
    rf"|{_MONTH}\s*[\u2019'\u2018]\s?\d{{2}}(?!\d)"  # Mar '20
    rf"|\d{{1,2}}\.\s?\d{{1,2}}\.\s?{_YEAR}(?!\d)"  # 05.03.2020
    rf"|\d{{1,2}}/\d{{1,2}}/{_YEAR}(?!\d)"  # 03/05/2020
    rf"|{_YEAR}[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])(?!\d)"  # 2020-03-05
    rf"|{_YEAR}[-/.](?:0[1-9]|1[0-2])(?!\d)"  # 2020-03
    rf"|(?:0?[1-9]|1[0-2])\s?[./-]\s?{_YEAR}(?!\d)"  # 03/2020
    rf"|(?:spring|summer|fall|autumn|winter|q[1-4]|(?:ws|ss|sose|wise))\s+{_YEAR}(?!\d)"
    rf"|{_YEAR}(?!\d))"
)
_TO: Final = (
    r"\s*(?:[-\u2013\u2014\u2012\u2212→~]+"
    r"|\b(?:to|until|till|through|bis|au|à|a|al|hasta|até|tot|do|по)\b)\s*"
)
_SPAN: Final = re.compile(
    rf"(?<![\w.,/€$£])(?:"
    rf"(?P<year4>{_YEAR})(?:\s?\u2013\s?(?=\d\d)|[/-](?=1[3-9]|[2-9]\d))(?P<year2>\d\d)(?![\w/.-])"
    rf"|(?P<from>{_ATOM}){_TO}(?P<to>{_ATOM}|(?:{_NOW})\b)"
    rf"|(?P<month>{_MONTH}){_TO}(?P<same_year>{_MONTH}\s*{_YEAR}(?!\d))"
    rf"|(?:since|seit|depuis|desde|from|ab)\s+(?P<since>{_ATOM})(?:{_TO}(?P<since_to>(?:{_NOW})\b))?"
    rf"|(?P<open>{_ATOM})\s*[-\u2013\u2014]\s*(?=$|[)|])"  # 2020 -
    rf"|(?P<lone>{_ATOM}))",
    re.IGNORECASE,
)
_NOW_ALONE: Final = re.compile(rf"(?:{_NOW})", re.IGNORECASE)
_ISO: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ISO_INSTANT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")


@dataclass(frozen=True, slots=True)
class Span:
    """A written span: ISO dates of written precision and where it stands in the text.

    `lone` marks a single date, of which only the context can say what it means; without it, no
    `end` means that the span goes on.
    """

    start: str | None
    end: str | None
    lone: bool
    at: tuple[int, int]


def is_now(text: str) -> bool:
    """Whether the text only says "until today", in one of the known wordings."""
    return _NOW_ALONE.fullmatch(text.strip().rstrip(".")) is not None


def parse_date(text: str) -> str | None:
    """One written date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None when it is none or impossible."""
    text = text.strip()
    instant = _ISO_INSTANT.fullmatch(text)
    if instant:
        text = instant[1]
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(*(int(part) if part else None for part in iso.groups()))
    match = re.fullmatch(_ATOM, text, re.IGNORECASE)
    return _read(text) if match else None


def find_spans(text: str) -> list[Span]:
    """Every written span or lone date of the text, left to right."""
    return [span for match in _SPAN.finditer(text) if (span := _span(match)) is not None]


def shorten(iso: str) -> str:
    """An ISO date for people, at its precision: "2020", "Mar 2020", "5 Mar 2020"."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = f"{names[int(rest[0]) - 1]} {year}"
    return f"{int(rest[1])} {month}" if len(rest) > 1 else month


def _span(match: re.Match[str]) -> Span | None:
    at = match.span()
    group = match.groupdict()
    if group["year4"]:
        end = group["year4"][:2] + group["year2"]
        return Span(group["year4"], end, lone=False, at=at) if end > group["year4"] else None
    if group["month"]:
        end = _read(group["same_year"])
        start = _read(f"{group['month']} {end[:4]}") if end else None
        return Span(start, end, lone=False, at=at)
    start = _read(group["from"] or group["since"] or group["open"] or group["lone"])
    if start is None:
        return None
    end = _read(group["to"]) if group["to"] and not is_now(group["to"]) else None
    return Span(start, end, lone=bool(group["lone"]), at=at)


def _read(text: str) -> str | None:
    """An ISO date from text that matches `_ATOM`."""
    lowered = text.strip().casefold()
    numbers = [int(n) for n in re.findall(r"\d+", lowered)]
    word = re.search(r"[^\W\d_]{3,}", lowered)
    month = _MONTHS.get(word[0]) if word else None
    if month is not None:
        year = numbers[-1] if numbers[-1] > 99 else _century(numbers[-1])
        return _checked(year, month, numbers[0] if len(numbers) > 1 else None)
    if word or re.match(r"q[1-4]|ws|ss", lowered):  # a season or quarter is no month
        return _checked(numbers[-1])
    if len(numbers) == 1:
        return _checked(numbers[0])
    if numbers[0] > 99:
        return _checked(*numbers)
    if len(numbers) == 2:
        return _checked(numbers[1], numbers[0])
    first, second, year = numbers
    if "." in lowered or first > 12:
        return _checked(year, second, first)
    # 03/05/2020 is March or May: the month is not known, the year is.
    return _checked(year, first, second) if second > 12 or first == second else _checked(year)


def _century(two_digits: int) -> int:
    return 2000 + two_digits if two_digits < 50 else 1900 + two_digits


def _checked(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    if year is None or not 1900 <= year <= 2100:
        return None
    if month is None:
        return f"{year:04}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= monthrange(year, month)[1] else None

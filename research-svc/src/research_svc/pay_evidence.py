"""Whether a cited page says what a figure of pay claims, as far as the search shows the page.

A model's figure is believed in nothing: one statement of the page must give both ends of the range
in the currency. Where a page states several ranges, that statement must name the region and the
sample too; else they may stand elsewhere on the page.
"""

import re
import unicodedata
from typing import Final

from research_svc.pay_text import amounts, counts, dates, periods, statements
from research_svc.perplexity_wire import Page
from research_svc.ports import SalaryFigure, SalaryQuestion

#: Ranks that a published occupation is often not divided by; what the page names is delivered.
_RANKS: Final = frozenset(
    ("senior", "junior", "lead", "principal", "staff", "head", "chief", "leitender", "leitende")
)
_ENDINGS: Final = frozenset({"", "s", "es", "n", "en", "in", "innen", "e"})
#: "(m/w/d)" and the like.
_GENDERS: Final = re.compile(r"\([^)]{1,12}\)")
_CODE: Final = re.compile(r"[A-Z]{2}")


def is_stated(figure: SalaryFigure, question: SalaryQuestion, page: Page) -> bool:
    """Whether the page states the figure, and for the occupation and region that were asked for."""
    text = unicodedata.normalize("NFC", f"{page.title}\n{page.text}")
    ranges = [s for s in statements(text) if _has_range(s, text)]
    said = [s for s in ranges if _gives_range(figure, s, text)]
    if len(said) != 1:
        return False
    scope = said[0] if len(ranges) > 1 else text
    return (
        _is_occupation(figure, question.title)
        and f" {_plain(figure.occupation)}" in f" {_plain(text)}"
        and _plain(figure.region.split(",")[0]) == _place_in(scope, question.region)
        and figure.sample_size in counts(scope)
        and figure.as_of in (dates(said[0]) or dates(text))
        and figure.period in (periods(said[0]) or periods(text) or {"year"})
    )


def _is_occupation(figure: SalaryFigure, asked: str) -> bool:
    """Whether it is what was asked for, up to ranks."""
    words = _words(_GENDERS.sub(" ", asked))
    wanted = [word for word in words if word not in _RANKS] or words
    named = _words(figure.occupation)
    return all(any(_same(name, word) for name in named) for word in wanted)


def _place_in(scope: str, region: str) -> str | None:
    """The narrowest place of the region asked for, narrow to wide, that the text names.

    A country's code is not compared with its names.
    """
    places = [_plain(p) for p in region.split(",") if not _CODE.fullmatch(p.strip())]
    return next((place for place in places if f" {place} " in f" {_plain(scope)} "), None)


def _has_range(statement: str, page: str) -> bool:
    return sum(amount.currency is not None for amount in amounts(statement, page)) > 1


def _gives_range(figure: SalaryFigure, statement: str, page: str) -> bool:
    """Whether its ends are the least and the greatest amount, not two of those in between."""
    told = [a.value for a in amounts(statement, page) if a.currency == figure.currency]
    return len(told) > 1 and (min(told), max(told)) == (figure.low, figure.high)


def _same(one: str, other: str) -> bool:
    """The same word, up to an ending."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long[len(short) :] in _ENDINGS


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[+#]+)?", text.casefold())


def _plain(text: str) -> str:
    return " ".join(_words(text))

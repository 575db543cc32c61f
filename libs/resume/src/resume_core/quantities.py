"""The quantities a text states, in one canonical form, so that claims can be compared.

Percentages, multipliers, amounts of money, durations, counts and vague magnitudes; in digits,
in other scripts' digits, or spelled out. Numbers inside names ("p95", "OAuth 2.0", "S3") are no
quantities: the wording check treats those as words.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from resume_core.spelled import SCALES, SPELLED, read_number
from resume_core.text import STOP_WORDS, remembered, spoken, stem, visible
from resume_core.units import (
    CANONICAL_TIME,
    CURRENCIES,
    DURATIONS,
    MAGNITUDES,
    MEASURES,
    MULTIPLIED,
    PARTS,
    SUFFIXES,
)

_CURRENCY = r"(?:us\$|[$€£¥₹]|\b(?:usd|eur|gbp|chf|inr|sek|nok|dkk|pln)\s?)"
_MONEY = "|".join(word for word in CURRENCIES if word.isalpha())
_NUMBER = re.compile(
    rf"(?P<lead>{_CURRENCY}\s?)?"
    r"(?<![\w.])(?P<number>\d{1,3}(?:[,'.\u202f ]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+)?)"
    r"(?P<suffix>\s?(?:thousand|million|millions|billion|hundred|dozen|mio|mrd)\b\.?|k\b|mn?\b|bn?\b"
    r"|\s?(?:k|m|md|mn|bn)(?=\s?[€$£]))?"
    r"(?P<plus>\s?\+)?"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|pct\b|percentage points?|\u00d7|x\b|times\b|-?fold\b))?"
    rf"(?P<tail>(?:\s(?:de|d'))?\s?(?:[€£$]|\b(?:{_MONEY})\b))?",
    re.IGNORECASE,
)
_GLUED_UNIT = re.compile(r"(ms|s|h|min|gb|tb|mb|pb|kb|kg|km|m|l|mw|kw|kwh)\b", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?:\b(?:iso|soc|oauth|http|tls|ipv|web|python|java|angular|vue|php|version|release|level|"
    r"grade|tier|phase|stage|step|type|class|fortune|icd|gpt|section|chapter|windows|ubuntu|"
    r"postgresql|postgres|kubernetes|node|figure|form|sap|office|ga|en|din|iec|ias|ifrs|covid)"
    r"[-\s/]?|\bv|[a-z]-)$",
    re.IGNORECASE,
)
_IDIOM = re.compile(r"24/7|1[- ]on[- ]1|1:1", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:to|-|and|or)\s?(?=\d)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:.](?=\s|$)")
#: The ends of a change, in the languages whose resumes we read.
_ROLE = re.compile(
    r"\b(?:(?P<from>from|von|vom|de|du|del|desde|da|dal|dall'|van|från|z|ze)"
    r"|(?P<to>to|auf|à|au|a|al|all'|para|naar|till|do|na))\s+\S{0,3}$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:more than|over|above|at least|upwards of|in excess of|exceeding|>|mehr als|über|mindestens"
    r"|plus d[e']|au moins|más de|al menos|più di|oltre|almeno|mais de|pelo menos|meer dan|minstens"
    r"|ponad|co najmniej|mer än|över|minst)\s*$",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:up to|nearly|almost|under|less than|fewer than|below|<|bis zu|fast|knapp|beinahe"
    r"|weniger als|jusqu'à|presque|près de|moins de|hasta|casi|menos de|fino a|quasi|meno di|até"
    r"|quase|bijna|minder dan|prawie|upp till|nästan|mindre än)\s*$",
    re.IGNORECASE,
)
_POINTS = "points"


class QuantityKind(StrEnum):
    """What a number measures; two quantities of different kinds are never the same claim."""

    PERCENT = "percent"
    MULTIPLIER = "multiplier"
    MONEY = "money"
    DURATION = "duration"
    COUNT = "count"
    MAGNITUDE = "magnitude"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One stated quantity; `start` and `end` are offsets into `visible(text)`.

    `unit` is a currency code, "s", "d" or "mo" for times, or a glued unit ("gb"); `context` the
    stems of the words around it; `bound` is ">" for "more than", "<" for "nearly", else "";
    `role` is "from" or "to" for the ends of a change, else "".
    """

    kind: QuantityKind
    value: Decimal
    unit: str
    bound: str
    text: str
    context: frozenset[str]
    role: str
    start: int
    end: int

    @property
    def key(self) -> tuple[QuantityKind, Decimal, str]:
        """What must be equal for two quantities to be the same number."""
        return (self.kind, self.value, self.unit)


@remembered
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity that `text` states, in order of place."""
    plain = visible(text)
    found = _in_digits(plain)
    taken = [(q.start, q.end) for q in found]
    for quantity in _spelled(plain):
        if not any(s < quantity.end and quantity.start < e for s, e in taken):
            found.append(quantity)
    return tuple(sorted(found, key=lambda q: q.start))


def _in_digits(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        glued = _GLUED_UNIT.match(text, end)
        if not glued and text[end : end + 1].isalpha() and text[end - 1].isalnum():
            continue  # "3D", "2nd": a word with a digit, not a number
        before = text[:start][-24:]
        if _IDIOM.match(text, start) or (start and _IDIOM.match(text, max(0, start - 3))):
            continue
        if not match["lead"] and not match["unit"] and _NAME_BEFORE.search(before):
            continue
        value = _decimal(match["number"]) * SUFFIXES.get(_word(match["suffix"]).rstrip("."), 1)
        kind, unit, end = _measure(text, match, value, end)
        bound = ">" if match["plus"] else _bound(before)
        found.append(_quantity(text, (kind, value, unit, bound), start, end))
    return found


def _measure(
    text: str, match: re.Match[str], value: Decimal, end: int, *, ahead: bool = True
) -> tuple[QuantityKind, str, int]:
    unit, money = _word(match["unit"]), _word(match["lead"]) or _word(match["tail"])
    if money in CURRENCIES:
        return QuantityKind.MONEY, CURRENCIES[money], end
    if unit.startswith(("%", "per", "pct")):
        return QuantityKind.PERCENT, _POINTS if "point" in unit else "", end
    if unit:
        return QuantityKind.MULTIPLIER, "", end
    glued = _GLUED_UNIT.match(text, end)
    if glued and glued.start() == end and text[end - 1].isalnum():
        name = glued.group().lower()
        kind = QuantityKind.DURATION if name in DURATIONS else QuantityKind.COUNT
        return kind, DURATIONS.get(name, name), glued.end()
    other_end = _RANGE.match(text, end)
    second = _NUMBER.match(text, other_end.end()) if other_end and ahead else None
    if second:
        # "from 40 to 6 minutes": the first number has the unit of the second one.
        other = _decimal(second["number"])
        kind, name, _ = _measure(text, second, other, second.end(), ahead=False)
        if kind in {QuantityKind.DURATION, QuantityKind.PERCENT, QuantityKind.MONEY}:
            return kind, name, end
    return _by_next_word(text, value, end, plain=not (match["suffix"] or match["plus"]))


def _by_next_word(
    text: str, value: Decimal, end: int, *, plain: bool = True
) -> tuple[QuantityKind, str, int]:
    following = re.match(
        r"[\s-]*([^\W\d_]+)(?:\s+([^\W\d_]+))?", text[end : end + 40], re.IGNORECASE
    )
    name = following.group(1).lower() if following else ""
    money = CURRENCIES.get(name, "")
    if money:
        return QuantityKind.MONEY, money, end + (following.end(1) if following else 0)
    if name == "percentage" and following and (following.group(2) or "").startswith("point"):
        return QuantityKind.PERCENT, _POINTS, end + following.end()
    if name in {"percent", "percentage", "pct"} or (
        name == "per" and following and (following.group(2) or "").lower() == "cent"
    ):
        return QuantityKind.PERCENT, "", end + (following.end() if following else 0)
    if name in {"times", "fold"}:
        return QuantityKind.MULTIPLIER, "", end + (following.end(1) if following else 0)
    measure = MEASURES.get(name, "")
    if measure and following:
        return QuantityKind.COUNT, measure, end + following.end(1)
    unit = DURATIONS.get(name.rstrip("s") if len(name) > 2 else name, "")
    if unit and name not in {"s", "h"}:
        return QuantityKind.DURATION, unit, end + (following.end(1) if following else 0)
    if plain and value == value.to_integral() and 1950 <= value <= 2100:
        return QuantityKind.YEAR, "", end
    return QuantityKind.COUNT, "", end


def _spelled(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    tokens = [(m.group().casefold(), m.start(), m.end()) for m in re.finditer(r"[^\W\d_]+", text)]
    at = 0
    while at < len(tokens):
        word, start, end = tokens[at]
        used = 1
        if word in SPELLED and word != "zero":
            value, used = read_number([t[0] for t in tokens[at : at + 8]])
            end = tokens[at + used - 1][2]
            if value != 1:
                kind, unit, end = _of_range(text, tokens[at + used :], value, end)
                claim = (kind, value, unit, _bound(text[:start][-24:]))
                found.append(_quantity(text, claim, start, end))
        elif claimed := _single_word(text, tokens, at):
            found.append(_quantity(text, (*claimed, ""), start, end))
        at += used
    return found


def _of_range(
    text: str, after: list[tuple[str, int, int]], value: Decimal, end: int
) -> tuple[QuantityKind, str, int]:
    """What a spelled number measures; "nine to four days": the first one has the second's unit."""
    kind, unit, measured = _by_next_word(text, value, end)
    if kind is not QuantityKind.COUNT or len(after) < 2:
        return kind, unit, measured
    (joint, start, _), (word, _, _) = after[:2]
    if joint not in {"to", "or", "and"} or word not in SPELLED or text[end:start].strip():
        return kind, unit, measured
    second, used = read_number([t[0] for t in after[1:9]])
    kind, unit, _ = _by_next_word(text, second, after[used][2])
    if kind in {QuantityKind.DURATION, QuantityKind.PERCENT, QuantityKind.MONEY}:
        return kind, unit, end
    return QuantityKind.COUNT, "", end


def _single_word(
    text: str, tokens: list[tuple[str, int, int]], at: int
) -> tuple[QuantityKind, Decimal, str] | None:
    """A claim made by one word: "doubled", "half", "thousands", "a dozen", "a million"."""
    word = tokens[at][0]
    before = tokens[at - 1][0] if at else ""
    after = tokens[at + 1][0] if at + 1 < len(tokens) else ""
    if word in MULTIPLIED and not (word == "double" and after in {"check", "entry"}):
        return QuantityKind.MULTIPLIER, Decimal(MULTIPLIED[word]), ""
    if word in {"halved", "halving"} or (
        word == "half" and (before in {"by", "in", "to"} or after in {"of", "the"})
    ):
        return QuantityKind.PERCENT, Decimal(50), ""
    if word in PARTS and before in {"a", "one", "two"} and after not in {"party", "year"}:
        return QuantityKind.PERCENT, Decimal(PARTS[word]), ""
    if word in MAGNITUDES:
        return QuantityKind.MAGNITUDE, Decimal(SCALES[word.removesuffix("s")]), ""
    if word in SCALES and before in {"a", "an", "per"}:
        kind, unit, _ = _by_next_word(text, Decimal(SCALES[word]), tokens[at][2])
        return kind, Decimal(SCALES[word]), unit
    return None


def _quantity(
    text: str, claim: tuple[QuantityKind, Decimal, str, str], start: int, end: int
) -> Quantity:
    kind, value, unit, bound = claim
    near, shown = _near(text, start, end), text[start:end].strip()
    if kind is QuantityKind.DURATION:
        factor, unit = CANONICAL_TIME[unit]
        value *= Decimal(factor)
    return Quantity(
        kind, value.normalize(), unit, bound, shown, near, _role(text, start), start, end
    )


def _near(text: str, start: int, end: int, reach: int = 5) -> frozenset[str]:
    """The stems of up to `reach` telling words on either side, within the clause."""
    left = spoken(_CLAUSE_END.split(text[max(0, start - 90) : start])[-1])
    right = spoken(_CLAUSE_END.split(text[end : end + 90])[0])
    told_left = [w for w in left if w.casefold() not in STOP_WORDS][-reach:]
    told_right = [w for w in right if w.casefold() not in STOP_WORDS][:reach]
    return frozenset(stem(w) for w in told_left + told_right if not w.isdigit())


def _bound(before: str) -> str:
    if _MORE.search(before):
        return ">"
    return "<" if _LESS.search(before) else ""


def _role(text: str, start: int) -> str:
    match = _ROLE.search(text[max(0, start - 9) : start])
    return ("from" if match["from"] else "to") if match else ""


def _word(text: str | None) -> str:
    return (text or "").strip().lower()


def _decimal(number: str) -> Decimal:
    """Read "1,200", "1.200,50", "1 200" or "4.5": a separator before three digits is grouping."""
    compact = re.sub(r"[ '\u202f]", "", number)
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)([.,]\d{1,2})?", compact)
    if grouped and not re.fullmatch(r"\d\.\d{3}", compact):
        whole = re.sub(r"[.,]", "", grouped.group(1))
        return Decimal(whole + (grouped.group(2) or "").replace(",", "."))
    return Decimal(compact.replace(",", "."))

"""Whether the numbers of a changed line are those of its source, of the same things (metric 4)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, takewhile

from resume_core.gate.lines import Line
from resume_core.gate.source import Source, no_names, rhythm_key
from resume_core.gate.violations import Severity, Violation
from resume_core.gate.vocabulary import BETTER_LESS, DOWNWARD, OPPOSITES, RHYTHMS, UPWARD
from resume_core.quantities import Quantity, QuantityKind, quantities
from resume_core.skills import Mention, SkillCatalog
from resume_core.spelled import SPELLED
from resume_core.text import STOP_WORDS, spoken, stem, visible, words

#: "A week", "per month": how often, in two words.
_RATE = re.compile(
    r"\b(?:an?|per|each|every|por|al|a la|par|pro|je|im|am|jede[nrms]?|chaque|cada)\s+"
    r"(hour|day|night|week|fortnight|month|quarter|year)s?\b(?!\s+\d)",
    re.IGNORECASE,
)
#: What joins the parts of one thing: "5 writers and designers".
_JOINTS = frozenset({"and", "or"})
_BETTER = frozenset(
    map(stem, ("improve", "improved", "improving", "enhance", "optimise", "optimize"))
)


def check_quantities(
    line: Line,
    source: Source,
    catalog: SkillCatalog,
    stated: Sequence[Quantity],
    mentions: Sequence[Mention],
) -> Iterator[Violation]:
    """Every number, rate and digit of `line` that its source does not state of the same thing."""
    for quantity in stated:
        code = _quantity_problem(quantity, line, source) or _years_of_what(
            quantity, line.text, source, catalog
        )
        if code:
            severity = Severity.FLAG if code == "quantity_bound" else Severity.BLOCK
            yield line.violation(code, 4, quantity.text, severity)
    if line.replaces and (moved := _crossed(line, stated) or _changed(line, stated)):
        yield line.violation("quantity_context", 4, moved)
    elif line.replaces and (moved := _moved(line, stated)):
        # "12 new nurses", "12 nurses, all new": only the person knows whether it is another thing.
        yield line.violation("quantity_context", 4, moved, Severity.FLAG)
    yield from _turned(line, stated)
    known = frozenset(_rates(line.replaces)) or source.rhythms
    for rhythm, word in _rates(line.text).items():
        if rhythm not in known:
            yield line.violation("frequency_ungrounded", 4, word)
    # "k8s" is a name: whether it is true is asked of the skill, not of its digit.
    covered = [(q.start, q.end) for q in stated] + [(m.start, m.end) for m in mentions]
    for match in re.finditer(r"\d+", line.text):
        inside = any(s <= match.start() < e for s, e in covered)
        if not inside and match.group() not in source.digits:
            yield line.violation("quantity_ungrounded", 4, match.group())


def _turned(line: Line, stated: Sequence[Quantity]) -> Iterator[Violation]:
    """A line that says the contrary of the one it replaces, or may do so."""
    said, was = ({stem(w) for w in spoken(visible(t))} for t in (line.text, line.replaces))
    for one, other in (*OPPOSITES, *((b, a) for a, b in OPPOSITES)):
        if said & one and was & other and not (said & other or was & one):
            yield line.violation("quantity_direction", 4)
    way, meant = _directions(line.text), way_of(stated)
    if len(way) == 1 and meant and meant not in way:
        yield line.violation("quantity_direction", 4)
    if not (line.replaces and stated and way) or _directions(line.replaces):
        return
    meant = meant or (_improving(was) if was & _BETTER else "")
    if meant not in way:
        # "Brought to 45" may be more or less of it: the person knows which.
        severity = Severity.BLOCK if meant else Severity.FLAG
        yield line.violation("quantity_direction", 4, severity=severity)


def way_of(stated: Sequence[Quantity]) -> str:
    """The way that the ends of a change tell, "from 14 to 3"; "" without them."""
    ends = {q.role: q for q in stated if q.role}
    first, last = ends.get("from"), ends.get("to")
    if first is None or last is None or first.kind is not last.kind or first.unit != last.unit:
        return ""
    return "up" if last.value > first.value else "down"


def _improving(said: set[str]) -> str:
    return "down" if said & BETTER_LESS else "up"


def _changed(line: Line, stated: Sequence[Quantity]) -> str:
    """A number that another one stands for, or that is said of one thing more; "" if none is."""
    old = quantities(line.replaces)
    told, was = Counter(q.key for q in stated), Counter(q.key for q in old)
    if doubled := next((q for q in old if told[q.key] > was[q.key]), None):
        return doubled.text
    things = {(q.kind, _of_what(q, visible(line.replaces))) for q in old if not told[q.key]}
    for quantity in stated:
        thing = _of_what(quantity, line.text)
        if thing and not was[quantity.key] and (quantity.kind, thing) in things:
            return quantity.text
    return ""


def _moved(line: Line, stated: Sequence[Quantity]) -> str:
    """A count of one thing of the line that is said of another one now; "" if there is none."""
    replaced = visible(line.replaces)
    old, new = ({stem(w) for w in spoken(t)} for t in (replaced, line.text))
    before = {q.key: _counted(q, replaced) for q in quantities(replaced)}
    for quantity in stated:
        was, now = before.get(quantity.key, frozenset()), _counted(quantity, line.text)
        is_count = quantity.kind is QuantityKind.COUNT
        if is_count and was and now and not was & now and was <= new and now <= old:
            return quantity.text
    return ""


def _counted(quantity: Quantity, text: str) -> frozenset[str]:
    """The stems of the words right after a number, up to a little word or a mark."""
    clause = re.split(r"[^\w\s-]", text[quantity.end : quantity.end + 60])[0]
    joined = (w for w in spoken(clause) if w.casefold() not in _JOINTS)
    told = takewhile(lambda w: w.casefold() not in STOP_WORDS, joined)
    return frozenset(map(stem, told))


def _rates(text: str) -> dict[str, str]:
    """How often a text says things happen ("week"), each with the word that says so."""
    plain = visible(text)
    found = {RHYTHMS[m.group(1).casefold()]: m.group() for m in _RATE.finditer(plain)}
    for word in words(plain):
        rhythm = RHYTHMS.get(rhythm_key(word.text))
        if rhythm and word.text.casefold().endswith("ly"):
            found[rhythm] = word.text
    return found


def _crossed(line: Line, stated: Sequence[Quantity]) -> str:
    """A number that has changed places with another one of the line; "" if none has."""
    before = {q.key: q for q in quantities(line.replaces)}
    kept = [(q, before[q.key]) for q in stated if q.key in before]
    old_text, new_text = visible(line.replaces), line.text
    for (a, old_a), (b, old_b) in combinations(kept, 2):
        if a.kind is not b.kind or a.key == b.key:
            continue
        was_a, was_b = _of_what(old_a, old_text), _of_what(old_b, old_text)
        is_a, is_b = _of_what(a, new_text), _of_what(b, new_text)
        straight = (is_a == was_a) + (is_b == was_b)
        if straight < (is_a == was_b) + (is_b == was_a) and is_a and is_b:
            return a.text
    return ""


def _of_what(quantity: Quantity, text: str) -> str:
    """The stem of the first telling word after a number: what it counts."""
    for word in spoken(text[quantity.end : quantity.end + 60]):
        plain = word.casefold()
        if plain not in STOP_WORDS and plain not in SPELLED and not word.isdigit():
            return stem(word)
    return ""


def _quantity_problem(quantity: Quantity, line: Line, source: Source) -> str:
    """The code of what is wrong with a stated quantity, "" when the source states it too."""
    if quantity.kind is QuantityKind.YEAR:
        return "" if int(quantity.value) in source.years else "quantity_ungrounded"
    same = [(q, said) for q, said in source.quantities if q.key == quantity.key]
    if not same:
        return "quantity_ungrounded"
    about = [
        (q, said)
        for q, said in same
        if not q.context
        or not quantity.context
        or q.context & quantity.context
        or (said == line.replaces and _is_alone(quantity, line))
    ]
    if not about:
        return "quantity_context"
    agreeing = [
        q
        for q, said in about
        if not (
            _is_change(line.text, said) and q.role and quantity.role and q.role != quantity.role
        )
        and not _contrary(_directions(line.text), _directions(said))
    ]
    if not agreeing:
        return "quantity_direction"
    if quantity.bound == ">" and all(q.bound != ">" for q in agreeing):
        return "quantity_inflated"
    softened = quantity.bound == "" and all(q.bound == "<" for q in agreeing)
    return "quantity_bound" if softened else ""


def _is_change(*texts: str) -> bool:
    """Whether a text has both ends of a change: "formación de 10 técnicos" starts nowhere."""
    return any({"from", "to"} <= {q.role for q in quantities(text)} for text in texts)


def _is_alone(quantity: Quantity, line: Line) -> bool:
    """Whether a number can be of one thing only: alone in its line, whose words have other forms.

    Counts of an English line are compared by what they count.
    """
    if quantity.kind is QuantityKind.COUNT and not line.tongue:
        return False
    return sum(q.kind is quantity.kind for q in quantities(line.replaces)) == 1


def _years_of_what(quantity: Quantity, text: str, source: Source, catalog: SkillCatalog) -> str:
    """Whether years of experience are claimed for a skill that their source does not name."""
    if quantity.kind is not QuantityKind.DURATION or quantity.unit != "mo":
        return ""
    before = re.split(r"[,.;:()]", text[: quantity.start])[-1]
    after = re.split(r"[.;:]\s", text[quantity.end :])[0]
    claimed = {m.skill for m in catalog.mentions(f"{before} {quantity.text} {after}")}
    said = (line for q, line in source.quantities if q.key == quantity.key)
    return "" if any(claimed <= catalog.names_in(line) for line in said) else "quantity_context"


def _directions(text: str) -> frozenset[str]:
    said = {word.casefold() for word in no_names(text)}
    return frozenset(name for name, verbs in (("up", UPWARD), ("down", DOWNWARD)) if said & verbs)


def _contrary(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a) and bool(b) and not a & b

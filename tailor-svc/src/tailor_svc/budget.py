"""Fitting a question into a model's context: deterministic, and never silently."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from resume_core.facts import Fact
from resume_core.requirements import Requirement
from resume_core.text import normalise
from tailor_svc.model import Material, as_json, fact_data, fence, requirement_data
from tailor_svc.ports import Question

T = TypeVar("T")

#: English has about four bytes a token; three leave a margin for names and other languages.
_BYTES_PER_TOKEN: Final = 3
#: Of the room for data, what requirements may take at most when not all fits.
_REQUIREMENTS_SHARE: Final = 1 / 3
#: Fence, keys and brackets around the lists.
_FRAME_TOKENS: Final = 40


def count_tokens(text: str) -> int:
    """At least so many tokens are to be reckoned with."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


def fit(material: Material, most_tokens: int) -> Question:
    """The question in at most `most_tokens`, as `count_tokens` counts.

    What goes first: the extra; then requirements, the lightest first; then facts,
    first those that answer nothing. What stays keeps its order.
    """
    whole = fence(material)
    if count_tokens(whole) <= most_tokens:
        return Question(whole)
    notes = []
    if material.extra:
        notes.append(f"{material.extra_name} were too long for the model and not shown to it.")
    kept = _trim(replace(material, extra={}), most_tokens)
    lines = len(material.facts) - len(kept.facts)
    left_out = _counted(lines, "line of the resume", "lines of the resume")
    requirements = len(material.requirements) - len(kept.requirements)
    left_out += _counted(requirements, "requirement", "requirements")
    if left_out:
        what = " and ".join(left_out)
        notes.append(f"There was more than the model can read at once: {what} not shown to it.")
    return Question(fence(kept), tuple(notes))


def _trim(material: Material, most_tokens: int) -> Material:
    facts, requirements = material.facts, material.requirements
    room = most_tokens - _FRAME_TOKENS - count_tokens(as_json(material.frame))
    by_weight = sorted(requirements, key=lambda r: -r.weight)
    sizes = [count_tokens(as_json(requirement_data(r))) for r in by_weight]
    fact_sizes = [count_tokens(as_json(fact_data(f))) for f in facts]
    # What the facts do not need is the requirements' too.
    spare = room - sum(fact_sizes)
    wanted = _take(zip(by_weight, sizes, strict=True), max(spare, int(room * _REQUIREMENTS_SHARE)))
    room -= sum(size for r, size in zip(by_weight, sizes, strict=True) if r in wanted)
    order = sorted(zip(facts, fact_sizes, strict=True), key=lambda f: _rank(f[0], requirements))
    chosen = {fact.id for fact in _take(order, room)}
    return replace(
        material,
        facts=[f for f in facts if f.id in chosen],
        requirements=[r for r in requirements if r in wanted],
    )


def _take(items: Iterable[tuple[T, int]], room: int) -> list[T]:
    """The longest beginning that fits."""
    taken = []
    for item, size in items:
        room -= size
        if room < 0:
            break
        taken.append(item)
    return taken


def _rank(fact: Fact, requirements: Sequence[Requirement]) -> int:
    """What a tailoring needs most has the lowest rank."""
    if fact.section in {"basics", "skills"}:
        return 0
    text = normalise(fact.text)
    names = {normalise(name) for r in requirements for name in (r.text, r.skill or "") if name}
    if any(name in text for name in names):
        return 1
    return 2 if fact.id == fact.entry_id else 3


def _counted(number: int, one: str, many: str) -> list[str]:
    if not number:
        return []
    return [f"{number} {one} was" if number == 1 else f"{number} {many} were"]

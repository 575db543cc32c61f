"""Sums of what stages cost."""

from collections.abc import Iterable

from resume_contracts.messages import Usage

_COUNTED = (
    "calls",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "credits",
    "cached_answers",
    "saved_tokens",
    "saved_usd",
)


def together(lines: Iterable[Usage]) -> tuple[Usage, ...]:
    """One line a provider and model, in the order of first use; one unknown cost hides the sum."""
    sums: dict[tuple[str, str | None], Usage] = {}
    for line in lines:
        place = (line.provider, line.model)
        before = sums.get(place)
        sums[place] = line if before is None else _sum(before, line)
    return tuple(sums.values())


def spared(lines: Iterable[Usage]) -> tuple[Usage, ...]:
    """What was had once and is used again: the same calls as savings, and nothing spent."""
    return tuple(
        Usage(
            provider=line.provider,
            model=line.model,
            cost_usd=0.0,
            cached_answers=line.calls + line.cached_answers,
            saved_tokens=line.input_tokens + line.output_tokens + line.saved_tokens,
            saved_usd=(line.cost_usd or 0.0) + line.saved_usd,
        )
        for line in lines
        if line.calls or line.cached_answers
    )


def _sum(one: Usage, other: Usage) -> Usage:
    cost = None
    if one.cost_usd is not None and other.cost_usd is not None:
        cost = one.cost_usd + other.cost_usd
    counted = {name: getattr(one, name) + getattr(other, name) for name in _COUNTED}
    return one.model_copy(update={**counted, "cost_usd": cost})

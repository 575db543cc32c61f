"""What asking models cost, added up over all attempts, whatever came of them."""

from resume_contracts.messages import Usage


class Bill:
    """One line an endpoint and model, in the order of first use."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str | None], Usage] = {}

    @property
    def lines(self) -> tuple[Usage, ...]:
        """The lines so far."""
        return tuple(self._lines.values())

    def add(self, usage: Usage) -> None:
        """Add to the line of the usage's provider and model; one unknown cost hides the sum."""
        place = (usage.provider, usage.model)
        before = self._lines.get(place)
        if before is None:
            self._lines[place] = usage
            return
        cost = None
        if before.cost_usd is not None and usage.cost_usd is not None:
            cost = before.cost_usd + usage.cost_usd
        self._lines[place] = before.model_copy(
            update={
                "calls": before.calls + usage.calls,
                "input_tokens": before.input_tokens + usage.input_tokens,
                "cached_input_tokens": before.cached_input_tokens + usage.cached_input_tokens,
                "output_tokens": before.output_tokens + usage.output_tokens,
                "cost_usd": cost,
            }
        )

"""What asking models cost, added up over all attempts, whatever came of them."""

from resume_contracts.messages import Usage
from resume_contracts.usage import together


class Bill:
    """One line an endpoint and model, in the order of first use."""

    def __init__(self) -> None:
        self._lines: tuple[Usage, ...] = ()

    @property
    def lines(self) -> tuple[Usage, ...]:
        """The lines so far."""
        return self._lines

    def add(self, *usage: Usage) -> None:
        """Add to the line of the usage's provider and model; one unknown cost hides the sum."""
        self._lines = together((*self._lines, *usage))

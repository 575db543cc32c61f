"""What the handlers need from the world."""

from collections.abc import Callable
from typing import Protocol

from resume_contracts.facts import Research
from resume_contracts.messages import Usage


class Researcher(Protocol):
    """Finds out about a company, with sources."""

    async def research(
        self, company: str, *, deadline: float, start_call: Callable[[], str]
    ) -> tuple[Research, Usage]:
        """What is known of `company` before `deadline` (monotonic seconds).

        `start_call` counts a call and names it.

        Raises:
            OutboundError: the provider cannot answer.
        """

"""What the handlers need from the world."""

from typing import Protocol

from resume_contracts.facts import Research
from resume_contracts.messages import Usage


class Researcher(Protocol):
    """Finds out about a company, with sources."""

    async def research(
        self, company: str, *, deadline: float, request_id: str
    ) -> tuple[Research, Usage]:
        """What is known of `company` before `deadline` (monotonic seconds).

        Raises:
            OutboundError: the provider cannot answer.
        """

"""What the replicas of a service share of a provider: its slots, its openings and its one probe.

`LocalFleet` shares by arithmetic: each process has its part of the slots and a circuit of its own.
`resume_outbound.fleet_valkey` shares by leases.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from resume_outbound.bulkhead import Bulkhead
from resume_outbound.policy import Policy
from resume_runtime.clock import Sleep


class Slots(Protocol):
    """Where the calls of one provider queue for a slot."""

    def slot(self, *, deadline: float, wait: float) -> AbstractAsyncContextManager[None]:
        """Hold a slot for the body of `async with`.

        Args:
            deadline: monotonic seconds; the caller's place in this process's queue.
            wait: seconds to queue for at most.

        Raises:
            ConcurrencyLimitError: no slot came free in time.
        """


class Follower(Protocol):
    """What another replica's news is told to: one provider's line. Called on the event loop."""

    def follow_opening(self, seconds: float) -> None:
        """The circuit is open for so long."""

    def follow_closing(self) -> None:
        """The circuit is closed: somebody's probe went well."""

    def follow_pause(self, seconds: float) -> None:
        """All callers pause for so long."""


class FleetLimits(Protocol):
    """What a process shares with its replicas. Only a slot and a probe are waited for.

    The rest is told and forgotten: while nobody can be told, the process's own circuit decides.
    """

    def slots(self, policy: Policy) -> Slots:
        """The slots of one provider."""

    def follow(self, provider: str, follower: Follower) -> None:
        """Tell `follower` what other replicas learn of the provider."""

    async def take_probe(self, provider: str) -> float | None:
        """Take the fleet's one probe: None, or the seconds to ask again after."""

    def return_probe(self, provider: str) -> None:
        """This process's probe is over; nothing when `opened` or `closed` said so."""

    def opened(self, provider: str, seconds: float) -> None:
        """This process's circuit opened for so long; a probe of its own is over."""

    def closed(self, provider: str) -> None:
        """This process's probe went well, or its circuit was reset."""

    def unpaused(self, provider: str) -> None:
        """A person ended the pause."""

    def paused(self, provider: str, seconds: float) -> None:
        """The provider told this process to pause for so long."""


class LocalFleet:
    """Nothing is shared: the policies are this process's part already (`policy.share`)."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep

    def slots(self, policy: Policy) -> Slots:
        """As many as the policy says."""
        return Bulkhead(policy.name, policy.max_concurrent, self._sleep)

    def follow(self, provider: str, follower: Follower) -> None:
        """There is nobody to follow."""

    async def take_probe(self, provider: str) -> float | None:  # noqa: ARG002  nobody else asks
        """Always given: the process's own breaker lets one at a time ask."""
        return None

    def return_probe(self, provider: str) -> None:
        """Nobody waits for it."""

    def opened(self, provider: str, seconds: float) -> None:
        """Nobody is told."""

    def closed(self, provider: str) -> None:
        """Nobody is told."""

    def unpaused(self, provider: str) -> None:
        """Nobody is told."""

    def paused(self, provider: str, seconds: float) -> None:
        """Nobody is told."""

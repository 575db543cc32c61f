"""One policy object per provider. The limits are totals of the fleet, divided by `share`."""

from dataclasses import dataclass, replace

from resume_outbound.errors import ReplicasExceedLimitError

#: One call with all its attempts and waits takes no longer (design: `min(120 s, the job's)`).
TOTAL_S = 120.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How one provider is called. All times are seconds.

    `retries` are the attempts after the first. `threshold` failures inside `window` open the
    circuit for `recovery`. `total` bounds one call with all its attempts and waits.
    """

    name: str
    max_concurrent: int
    timeout: float
    retries: int
    threshold: int
    window: float
    recovery: float
    total: float = TOTAL_S

    def __post_init__(self) -> None:
        """Refuse numbers that would silently switch a protection off."""
        if min(self.max_concurrent, self.threshold) < 1 or self.retries < 0:
            raise ValueError(f"{self.name}: limits must be positive")
        if min(self.timeout, self.window, self.recovery, self.total) <= 0:
            raise ValueError(f"{self.name}: times must be positive")


def playbook_policies() -> dict[str, Policy]:
    """The playbook's table 3.2, and `web` for fetches of users' URLs.

    `web` is many sites, not one provider: a dead site is the user's news and never counts, so its
    circuit opens only when our own fetching hangs. The safe fetcher takes 20 s at most; 25 s here
    is the net behind it.
    """
    table = (
        Policy("openai", 10, timeout=90, retries=2, threshold=5, window=60, recovery=30),
        Policy("perplexity", 5, timeout=30, retries=2, threshold=3, window=60, recovery=30),
        Policy("firecrawl", 3, timeout=45, retries=1, threshold=3, window=60, recovery=60),
        Policy("playwright", 2, timeout=60, retries=1, threshold=2, window=60, recovery=60),
        Policy("web", 20, timeout=25, retries=1, threshold=10, window=60, recovery=15),
    )
    return {policy.name: policy for policy in table}


def share(policy: Policy, replicas: int) -> Policy:
    """One process's part of a fleet limit: floor(total / replicas), at least 1.

    Raises:
        ReplicasExceedLimitError: there are more replicas than concurrent calls to share.
    """
    if replicas < 1:
        raise ValueError(f"REPLICAS={replicas}: must be at least 1")
    if replicas > policy.max_concurrent:
        raise ReplicasExceedLimitError(policy.name, replicas, policy.max_concurrent)
    return replace(policy, max_concurrent=policy.max_concurrent // replicas)

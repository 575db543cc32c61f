from dataclasses import astuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from resume_outbound.errors import ReplicasExceedLimitError
from resume_outbound.policy import Policy, playbook_policies, share


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai", (10, 90, 2, 5, 60, 30)),
        ("perplexity", (5, 30, 2, 3, 60, 30)),
        ("firecrawl", (3, 45, 1, 3, 60, 60)),
        ("playwright", (2, 60, 1, 2, 60, 60)),
    ],
)
def test_policy_matches_the_playbook(name: str, expected: tuple[int, ...]) -> None:
    policy = playbook_policies()[name]
    assert astuple(policy) == (name, *expected, 120)


@given(total=st.integers(1, 50), replicas=st.integers(1, 60))
def test_share_never_exceeds_the_fleet_limit(total: int, replicas: int) -> None:
    policy = Policy("p", total, timeout=1, retries=0, threshold=1, window=1, recovery=1)
    assume(replicas <= total)
    part = share(policy, replicas).max_concurrent
    assert part >= 1
    assert part * replicas <= total


def test_share_refuses_more_replicas_than_calls() -> None:
    policy = playbook_policies()["playwright"]
    assert share(policy, 2).max_concurrent == 1
    with pytest.raises(ReplicasExceedLimitError, match=r"REPLICAS=3 exceeds .* playwright"):
        share(policy, 3)


def test_share_refuses_no_replicas() -> None:
    with pytest.raises(ValueError, match="REPLICAS=0"):
        share(playbook_policies()["openai"], 0)


@pytest.mark.parametrize("broken", [{"max_concurrent": 0}, {"threshold": 0}, {"recovery": 0}])
def test_policy_refuses_numbers_that_switch_protection_off(broken: dict[str, int]) -> None:
    numbers: dict[str, int] = {"max_concurrent": 1, "threshold": 1, "recovery": 1, **broken}
    with pytest.raises(ValueError, match="must be positive"):
        Policy("p", timeout=1, retries=0, window=1, **numbers)

import random

import pytest
from prometheus_client import CollectorRegistry

from resume_outbound.bootstrap import create_outbound
from resume_outbound.errors import ReplicasExceedLimitError
from resume_outbound.testing import ManualTime


def test_bootstrap_shares_the_fleet_limit_and_observes() -> None:
    time, registry = ManualTime(), CollectorRegistry()
    outbound = create_outbound(
        ("openai",),
        replicas=4,
        clock=time,
        sleep=time.sleep,
        rng=random.Random(1),
        registry=registry,
    )
    assert outbound.policy("openai").max_concurrent == 2
    outbound.isolate("openai")
    assert registry.get_sample_value("circuit_breaker_state", {"provider": "openai"}) == 2


def test_bootstrap_refuses_more_replicas_than_calls() -> None:
    time = ManualTime()
    with pytest.raises(ReplicasExceedLimitError, match="REPLICAS=6"):
        create_outbound(
            ("openai", "perplexity"),
            replicas=6,
            clock=time,
            sleep=time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        )

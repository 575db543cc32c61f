"""Builds a process's `Outbound` from the playbook's policies."""

import random
from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from resume_outbound.call import Outbound
from resume_outbound.metrics import OutboundMetrics
from resume_outbound.policy import playbook_policies, share
from resume_runtime.clock import Clock, Sleep


def create_outbound(
    providers: Iterable[str],
    *,
    replicas: int,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> Outbound:
    """One process's part of the fleet limits of `providers`, observed on `registry`.

    Raises:
        ReplicasExceedLimitError: a provider cannot be shared among so many replicas.
    """
    all_policies = playbook_policies()
    policies = {name: share(all_policies[name], replicas) for name in providers}
    return Outbound(
        policies,
        clock=clock,
        sleep=sleep,
        rng=rng,
        observer=OutboundMetrics(registry, policies),
    )

"""Builds a process's `Outbound` from the playbook's policies and the environment."""

import random
from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from resume_outbound.call import Outbound
from resume_outbound.metrics import OutboundMetrics
from resume_outbound.policy import share
from resume_outbound.settings import load_policies
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
        SystemExit: a variable that changes a policy is wrong; see `load_policies`.
    """
    fleet = load_policies(providers)
    policies = {name: share(policy, replicas) for name, policy in fleet.items()}
    return Outbound(
        policies,
        clock=clock,
        sleep=sleep,
        rng=rng,
        observer=OutboundMetrics(registry, policies),
    )

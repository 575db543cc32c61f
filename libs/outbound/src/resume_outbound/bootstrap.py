"""Builds a process's `Outbound`: its share of the fleet's limits, or leases over Valkey."""

import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry

from resume_outbound.call import Outbound
from resume_outbound.fleet_metrics import FleetMetrics
from resume_outbound.fleet_server import create_client
from resume_outbound.fleet_valkey import ValkeyFleet
from resume_outbound.metrics import OutboundMetrics
from resume_outbound.policy import Policy, share
from resume_outbound.settings import load_policies
from resume_runtime.clock import Clock, Sleep
from resume_runtime.ids import uuid7


def create_outbound(
    providers: Iterable[str],
    *,
    replicas: int,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> Outbound:
    """One process's share of the fleet limits of `providers`, observed on `registry`.

    Raises:
        ReplicasExceedLimitError: a provider cannot be shared among so many replicas.
        SystemExit: a variable that changes a policy is wrong; see `load_policies`.
    """
    fleet = load_policies(providers)
    return _shares(fleet, replicas, clock=clock, sleep=sleep, rng=rng, registry=registry)


@asynccontextmanager
async def open_outbound(
    fleet: Mapping[str, Policy],
    *,
    service: str,
    replicas: int,
    valkey_url: str | None,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> AsyncIterator[Outbound]:
    """One process's part of the limits of `fleet`, observed on `registry`.

    Args:
        fleet: policies with the fleet's totals, by provider.
        service: whose replicas share; names the keys in Valkey.
        replicas: how many processes there are.
        valkey_url: where slots are leased; None: each process has a fixed share.
        clock: for everything that takes time here.
        sleep: waits by that clock.
        rng: jitter.
        registry: of the metrics.

    Raises:
        ReplicasExceedLimitError: fixed shares, and more replicas than slots.
        FleetMisconfiguredError: the Valkey server evicts keys or refuses our log-in.
    """
    if valkey_url is None:
        yield _shares(fleet, replicas, clock=clock, sleep=sleep, rng=rng, registry=registry)
        return
    limits = ValkeyFleet(
        create_client(valkey_url),
        fleet,
        service=service,
        member=str(uuid7()),
        replicas=replicas,
        clock=clock,
        sleep=sleep,
        rng=rng,
        metrics=FleetMetrics(registry, fleet),
    )
    observer = OutboundMetrics(registry, fleet)
    outbound = Outbound(fleet, clock=clock, sleep=sleep, rng=rng, observer=observer, fleet=limits)
    async with limits.running():
        yield outbound


def _shares(
    fleet: Mapping[str, Policy],
    replicas: int,
    *,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> Outbound:
    policies = {name: share(policy, replicas) for name, policy in fleet.items()}
    observer = OutboundMetrics(registry, policies)
    return Outbound(policies, clock=clock, sleep=sleep, rng=rng, observer=observer)

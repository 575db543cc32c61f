"""Three replicas on a real Valkey. The provider counts for itself how many call it at once."""

import asyncio
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from resume_launcher.ports import free_port
from resume_launcher.servers import ValkeyServer
from resume_outbound.errors import (
    CircuitOpenError,
    FleetMisconfiguredError,
    RateLimitedError,
    WaitableError,
)
from resume_outbound.fleet_scripts import LEASE_S
from resume_outbound.verdict import Verdict

from .world import (
    CLOCK,
    POLICY,
    Provider,
    Replica,
    call_provider,
    child,
    open_replica,
    replicas,
    until,
)

pytestmark = [pytest.mark.connected, pytest.mark.timeout(90)]


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider.listening() as listening:
        yield listening


@pytest.fixture
async def own_valkey() -> AsyncIterator[ValkeyServer]:
    """A server of the test's own, that it may kill."""
    with tempfile.TemporaryDirectory(prefix="resume-valkey-", ignore_cleanup_errors=True) as name:
        server = ValkeyServer(Path(name), port=free_port())
        await server.start()
        yield server
        await server.kill()


async def fail() -> str:
    raise ConnectionError


async def answer() -> str:
    return "ok"


async def trip(replica: Replica) -> None:
    await asyncio.gather(*(replica.call(fail) for _ in range(2)), return_exceptions=True)
    assert replica.outbound.state("p").kind == "open"


async def insist(replica: Replica, provider: Provider, seconds: float) -> str:
    """Ask again when told to wait, as the gate does."""
    while True:
        try:
            return await replica.call(lambda: call_provider(provider.port, seconds))
        except WaitableError:
            continue


async def test_three_replicas_use_all_slots_and_never_more(
    valkey_url: str, provider: Provider
) -> None:
    async with replicas(valkey_url) as fleet:
        results = await asyncio.gather(*(insist(fleet[n % 3], provider, 0.02) for n in range(200)))
    assert results == ["ok"] * 200
    assert (provider.calls, provider.most) == (200, POLICY.max_concurrent)


async def test_one_busy_replica_uses_all_slots(valkey_url: str, provider: Provider) -> None:
    """A fixed share would leave it one of five."""
    async with replicas(valkey_url) as fleet:
        await asyncio.gather(*(insist(fleet[0], provider, 0.1) for _ in range(20)))
        assert provider.most == POLICY.max_concurrent


async def test_three_processes_never_exceed_the_limit(valkey_url: str, provider: Provider) -> None:
    service = uuid.uuid4().hex
    arguments = (valkey_url, service, 3, provider.port, 60, 0.02, "calls")
    async with child(*arguments) as a, child(*arguments) as b, child(*arguments) as c:
        outputs = [(await one.communicate())[0].decode().split() for one in (a, b, c)]
    assert outputs == [["ready", "60"]] * 3
    assert (provider.calls, provider.most) == (180, POLICY.max_concurrent)


async def test_slots_of_a_killed_process_return_after_their_lease(
    valkey_url: str, provider: Provider
) -> None:
    """All but the share that is set aside for it: it might live and be out of touch."""
    service = uuid.uuid4().hex
    registry = CollectorRegistry()
    async with open_replica(valkey_url, service, POLICY, 3, seed=1, registry=registry) as outbound:
        survivor = Replica(outbound, registry)
        async with child(valkey_url, service, 3, provider.port, 5, 60, "calls") as victim:
            await until(lambda: provider.now == 5)
            with pytest.raises(WaitableError):
                await survivor.call(lambda: call_provider(provider.port, 0), within=7)
            victim.kill()
            await victim.wait()
            await until(lambda: provider.now == 0)
            killed, provider.most = CLOCK.monotonic(), 0
            calls = [asyncio.create_task(insist(survivor, provider, 0.5)) for _ in range(12)]
            await until(lambda: provider.now > 0, LEASE_S + 3)
            waited = CLOCK.monotonic() - killed
            await asyncio.gather(*calls)
    assert LEASE_S - 2 < waited < LEASE_S + 1.5
    assert provider.most == POLICY.max_concurrent - POLICY.max_concurrent // 3


async def test_more_replicas_than_slots_are_leased(valkey_url: str, provider: Provider) -> None:
    async with replicas(valkey_url, 3, policy=replace(POLICY, max_concurrent=2)) as fleet:
        await asyncio.gather(*(insist(fleet[n % 3], provider, 0.02) for n in range(30)))
    assert provider.most == 2


async def test_valkey_killed_in_mid_run_costs_nothing_and_the_limit_holds(
    own_valkey: ValkeyServer, provider: Provider
) -> None:
    policy = replace(POLICY, timeout=5)
    async with replicas(own_valkey.url, policy=policy) as fleet:
        calls = [asyncio.create_task(insist(fleet[n % 3], provider, 0.1)) for n in range(60)]
        await until(lambda: provider.now == 5)
        await own_valkey.kill()
        await until(lambda: not any(one.is_shared for one in fleet))
        assert await asyncio.gather(*calls) == ["ok"] * 60
        assert (provider.calls, provider.most) == (60, 5)

        # What anybody had under way is over: each has its share, one of five.
        await asyncio.sleep(LEASE_S)
        provider.most = 0
        await asyncio.gather(*(insist(fleet[n % 3], provider, 0.05) for n in range(30)))
        assert provider.most == 3
        assert [one.value("outbound_fleet_fallbacks_total") for one in fleet] == [1, 1, 1]


async def test_valkey_back_means_leases_again(own_valkey: ValkeyServer, provider: Provider) -> None:
    async with replicas(own_valkey.url) as fleet:
        running = [asyncio.create_task(insist(fleet[0], provider, 6)) for _ in range(4)]
        await until(lambda: provider.now == 4)
        await own_valkey.kill()
        await until(lambda: not any(one.is_shared for one in fleet))
        await own_valkey.start()
        await until(lambda: all(one.is_shared for one in fleet))
        # The new server knows what was under way.
        calls = [asyncio.create_task(insist(fleet[n % 3], provider, 0.1)) for n in range(12)]
        assert await asyncio.gather(*calls, *running) == ["ok"] * 16
        assert provider.most == POLICY.max_concurrent
        assert fleet[0].value("outbound_fleet_leases_lost_total") == 4


async def test_unreachable_at_the_start_is_no_error(provider: Provider) -> None:
    async with replicas(f"valkey://127.0.0.1:{free_port()}", 2) as fleet:
        assert not any(one.is_shared for one in fleet)
        await asyncio.gather(*(insist(fleet[n % 2], provider, 0.05) for n in range(20)))
    assert provider.most == 4


async def test_server_that_evicts_is_refused() -> None:
    with tempfile.TemporaryDirectory(prefix="resume-valkey-", ignore_cleanup_errors=True) as name:
        server = ValkeyServer(Path(name), port=free_port(), eviction="allkeys-lru")
        await server.start()
        try:
            with pytest.raises(FleetMisconfiguredError, match=r"VALKEY_URL: .*allkeys-lru"):
                async with replicas(server.url, 1):
                    pass
        finally:
            await server.kill()


async def test_wrong_password_is_refused_and_not_repeated(own_valkey: ValkeyServer) -> None:
    url = f"valkey://:hunter2@{own_valkey.url.rpartition('@')[2]}"
    with pytest.raises(FleetMisconfiguredError, match="VALKEY_URL") as refusal:
        async with replicas(url, 1):
            pass
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("allowed", [["+info"], ["+info", "+ping", "+client"]])
async def test_user_without_scripts_is_refused(
    own_valkey: ValkeyServer, allowed: list[str]
) -> None:
    async with Redis.from_url(own_valkey.url.replace("valkey", "redis")) as admin:
        rights = ("on", ">x", "~*", "&*", *allowed)
        await admin.execute_command("ACL", "SETUSER", "poor", *rights)  # type: ignore[no-untyped-call]  # redis-py's
    url = f"valkey://poor:x@{own_valkey.url.rpartition('@')[2]}"
    with pytest.raises(FleetMisconfiguredError, match=r"VALKEY_URL: .*scripts"):
        async with replicas(url, 1):
            pass


async def test_database_that_is_not_there_is_refused(own_valkey: ValkeyServer) -> None:
    with pytest.raises(FleetMisconfiguredError, match=r"VALKEY_URL: .*no database"):
        async with replicas(f"{own_valkey.url}/99", 1):
            pass


async def test_opening_is_everybodys_at_once(valkey_url: str) -> None:
    async with replicas(valkey_url) as fleet:
        await asyncio.gather(*(one.call(answer) for one in fleet))
        await trip(fleet[0])
        others = [one.outbound for one in fleet[1:]]
        took = await until(lambda: all(one.state("p").kind == "open" for one in others))
        with pytest.raises(CircuitOpenError):
            await fleet[1].call(answer)
        assert took < 1.5
        assert [one.value("circuit_breaker_trips_total") for one in fleet] == [1, 0, 0]
        assert [one.value("circuit_breaker_state") for one in fleet] == [2, 2, 2]


async def test_opening_is_learnt_by_who_comes_later(valkey_url: str) -> None:
    """The news is over; the key is read at the next beat."""
    service, policy = uuid.uuid4().hex, replace(POLICY, recovery=30)
    first, second = CollectorRegistry(), CollectorRegistry()
    async with open_replica(valkey_url, service, policy, 2, seed=1, registry=first) as one:
        await trip(Replica(one, first))
        async with open_replica(valkey_url, service, policy, 2, seed=2, registry=second) as two:
            await until(lambda: two.state("p").kind == "open", 3)


async def test_pause_is_everybodys(valkey_url: str) -> None:
    async with replicas(valkey_url) as fleet:
        await asyncio.gather(*(one.call(answer) for one in fleet))
        with pytest.raises(RateLimitedError):
            await fleet[0].outbound.call(
                "p",
                fail,
                deadline=CLOCK.monotonic() + 60,
                classify=lambda _error: Verdict.rate_limited(20),
            )
        others = [one.outbound for one in fleet[1:]]
        assert await until(lambda: all(one.state("p").kind == "paused" for one in others)) < 1.5
        with pytest.raises(RateLimitedError):
            await fleet[2].call(answer)
        fleet[1].outbound.reset("p")
        everybody = [one.outbound for one in fleet]
        await until(lambda: all(one.state("p").kind == "closed" for one in everybody))
        await asyncio.sleep(1.2)  # a beat would bring a pause that the server still has back
        assert {one.state("p").kind for one in everybody} == {"closed"}


async def test_databases_of_one_server_do_not_hear_each_other(valkey_url: str) -> None:
    """Channels are the server's, and a deployment's circuits its own."""
    service, registry = uuid.uuid4().hex, CollectorRegistry()
    base = valkey_url.rpartition("/")[0] if valkey_url.count("/") > 2 else valkey_url
    async with (
        open_replica(f"{base}/0", service, POLICY, 1, seed=1, registry=registry) as one,
        open_replica(f"{base}/1", service, POLICY, 1, seed=2, registry=CollectorRegistry()) as two,
    ):
        await trip(Replica(one, registry))
        await asyncio.sleep(1.2)  # news take less than a beat
        assert (one.state("p").kind, two.state("p").kind) == ("open", "closed")


async def test_one_probe_in_the_whole_fleet_and_its_success_is_everybodys(
    valkey_url: str, provider: Provider
) -> None:
    async with replicas(valkey_url) as fleet:
        await asyncio.gather(*(one.call(answer) for one in fleet))
        await trip(fleet[0])
        await until(lambda: all(one.outbound.state("p").kind == "open" for one in fleet))
        await until(lambda: all(one.outbound.is_probing("p") for one in fleet))
        calls = [
            asyncio.create_task(fleet[n % 3].call(lambda: call_provider(provider.port, 0.4)))
            for n in range(60)
        ]
        results = Counter(
            type(one).__name__ for one in await asyncio.gather(*calls, return_exceptions=True)
        )
        # Who asks after the probe went well may call: nothing but the probe ran before.
        assert provider.most == 1
        assert results["CircuitOpenError"] == 60 - results["str"]
        assert results["str"] >= 1
        assert sum(one.value("outbound_probes_total") for one in fleet) == 1
        await until(lambda: all(one.outbound.state("p").kind == "closed" for one in fleet), 2)


async def test_probe_of_a_killed_process_passes_on_after_its_lease(
    valkey_url: str, provider: Provider
) -> None:
    service = uuid.uuid4().hex
    registry = CollectorRegistry()
    async with open_replica(valkey_url, service, POLICY, 2, seed=1, registry=registry) as outbound:
        survivor = Replica(outbound, registry)
        async with child(valkey_url, service, 2, provider.port, 1, 60, "probe") as victim:
            await until(lambda: provider.now == 1)
            with pytest.raises(CircuitOpenError):
                await survivor.call(answer)
            victim.kill()
            await victim.wait()
            began = CLOCK.monotonic()
            await insist_answer(survivor)
            assert CLOCK.monotonic() - began < LEASE_S + 1.5
    assert registry.get_sample_value("outbound_probes_total", {"provider": "p"}) == 1


async def insist_answer(replica: Replica) -> None:
    while True:
        try:
            await replica.call(answer)
        except CircuitOpenError as error:
            await asyncio.sleep(min(error.retry_after, 0.2))
        else:
            return

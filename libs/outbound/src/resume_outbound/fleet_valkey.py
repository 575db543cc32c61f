"""The fleet's limits over Valkey: leased slots, a shared opening and pause, one probe in all.

Nothing here can cost a result: what is told is told in the background, a lease that was lost aborts
nothing, and a server that does not answer within a second leaves the process its share.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, Final

from redis.asyncio import Redis

from resume_outbound import fleet_scripts
from resume_outbound.errors import FleetMisconfiguredError
from resume_outbound.fleet import Follower, Slots
from resume_outbound.fleet_metrics import FleetMetrics
from resume_outbound.fleet_news import Listener, News, encode
from resume_outbound.fleet_provider import SharedProvider
from resume_outbound.fleet_scripts import BEAT_S, FORGET_S, LEASE_S
from resume_outbound.fleet_server import ANSWER_S, AWAY, check_server
from resume_outbound.fleet_slots import FleetSlots
from resume_outbound.policy import Policy
from resume_outbound.timing import ElapsedError, within
from resume_runtime.clock import Clock, Sleep

logger = logging.getLogger(__name__)

#: How soon somebody who was refused the fleet's probe asks again, at most.
ASK_AGAIN_S: Final = 1.0
#: What is over so soon when it is heard of is no news.
STALE_MS: Final = 50
_LEASE_MS: Final = int(LEASE_S * 1000)
_FORGET_MS: Final = int(FORGET_S * 1000)
_Args = list[str | bytes | int]


class ValkeyFleet:
    """One process's part in the fleet of `service`. Use it inside `running()`.

    It is `shared` while Valkey answers. When it does not, each process has its share
    (`floor(total / replicas)`), until Valkey has answered two beats: by the second one all who are
    in reach have said what they have under way.
    """

    def __init__(
        self,
        client: "Redis",
        policies: Mapping[str, Policy],
        *,
        service: str,
        member: str,
        replicas: int,
        clock: Clock,
        sleep: Sleep,
        rng: random.Random,
        metrics: FleetMetrics,
    ) -> None:
        """`policies` have the fleet's totals; `member` is this process's own, unique name."""
        self._client = client
        self._member = member
        self._replicas = replicas
        self._clock = clock
        self._sleep = sleep
        self._metrics = metrics
        # Keys are a database's own, channels are the whole server's.
        database = client.connection_pool.connection_kwargs.get("db") or 0
        self._channel = f"fleet:{service}:news:{database}"
        self._numbers = count(1)
        self._told = set[asyncio.Task[object]]()
        self._shared = self._in_reach = False
        self._listener = Listener(client, self._channel, self._hear, sleep)
        self._said: str | None = None
        script = client.register_script
        self._acquire, self._release = script(fleet_scripts.ACQUIRE), script(fleet_scripts.RELEASE)
        self._beat_one, self._probe = script(fleet_scripts.BEAT), script(fleet_scripts.PROBE)
        self._return, self._block = script(fleet_scripts.RETURN_PROBE), script(fleet_scripts.BLOCK)
        self._close = script(fleet_scripts.CLOSE)
        self._providers = {
            name: SharedProvider(
                service,
                name,
                FleetSlots(
                    policy,
                    policy.max_concurrent // replicas,
                    self,
                    member=member,
                    clock=clock,
                    sleep=sleep,
                    rng=rng,
                    metrics=metrics,
                ),
                policy.timeout + LEASE_S,
            )
            for name, policy in policies.items()
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the leases and hear the news for the body; say goodbye on leaving.

        Raises:
            FleetMisconfiguredError: the server may lose keys, or refuses our log-in. One that
                does not answer is waited for in the background.
        """
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._beat(first=True)
            tasks += asyncio.create_task(self._beats()), asyncio.create_task(self._listener.run())
            if self._in_reach:  # who hears before it calls misses nothing
                with suppress(ElapsedError):
                    await within(ANSWER_S, self._listener.ready.wait, self._sleep)
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self._told, return_exceptions=True)
            with suppress(*AWAY):
                if self._in_reach:
                    for one in self._providers.values():
                        await self._client.zrem(one.members, self._member)
            with suppress(*AWAY):
                await self._client.aclose()

    # The fleet's limits, as a line sees them.

    def slots(self, policy: Policy) -> Slots:
        """The slots of one provider."""
        return self._providers[policy.name].slots

    def follow(self, provider: str, follower: Follower) -> None:
        """Tell `follower` what other replicas learn of the provider."""
        self._providers[provider].follower = follower

    async def take_probe(self, provider: str) -> float | None:
        """Take the fleet's one probe: None, or the seconds to ask again after.

        Out of reach of the others, the process's own breaker decides.
        """
        if not self._shared:
            return None
        one, mine = self._providers[provider], f"{self._member}:probe:{next(self._numbers)}"
        asked = self._probe(keys=[one.opening, one.probe_key], args=[mine, _LEASE_MS])
        try:
            wait: int | None = await self._answer(asked)
        except BaseException:
            # It may have been granted.
            self._tell(self._return(keys=[one.probe_key], args=[mine]))
            raise
        if wait:
            return min(wait / 1000, ASK_AGAIN_S)
        one.probe, one.probe_ends = mine, self._clock.monotonic() + one.patience
        return None

    def return_probe(self, provider: str) -> None:
        """This process's probe is over; nothing when `opened` or `closed` said so."""
        one = self._providers[provider]
        if one.probe:
            self._tell(self._return(keys=[one.probe_key], args=[one.probe]))
            one.probe = ""

    def opened(self, provider: str, seconds: float) -> None:
        """This process's circuit opened for so long; a probe of its own is over."""
        one = self._providers[provider]
        self._tell_block(one.opening, one, News("opened", provider, self._member, seconds))
        one.probe = ""

    def closed(self, provider: str) -> None:
        """This process's probe went well, or its circuit was reset."""
        one = self._providers[provider]
        news = encode(News("closed", provider, self._member))
        self._tell(self._close(keys=[one.opening, one.probe_key], args=[self._channel, news]))
        one.probe = ""

    def unpaused(self, provider: str) -> None:
        """A person ended the pause: nobody keeps it."""
        one = self._providers[provider]
        news = encode(News("paused", provider, self._member, 0.0))
        self._tell(self._close(keys=[one.pause], args=[self._channel, news]))

    def paused(self, provider: str, seconds: float) -> None:
        """The provider told this process to pause for so long."""
        one = self._providers[provider]
        self._tell_block(one.pause, one, News("paused", provider, self._member, seconds))

    # Leases, as the slots see them.

    @property
    def is_shared(self) -> bool:
        """Whether slots are leased just now."""
        return self._shared

    async def acquire(self, policy: Policy, lease: str) -> bool | None:
        """Ask for a lease: granted, or not just now; None: Valkey went out of reach."""
        one, total = self._providers[policy.name], policy.max_concurrent
        share = total // self._replicas
        args: _Args = [lease, _LEASE_MS, total, share, self._replicas, _FORGET_MS]
        granted = await self._answer(self._acquire(keys=[one.leases, one.members], args=args))
        return None if granted is None else bool(granted)

    def release(self, provider: str, lease: str) -> None:
        """Give one back, or what may have been granted; nothing is waited for."""
        one = self._providers[provider]
        news = encode(News("free", provider, self._member))
        self._tell(self._release(keys=[one.leases], args=[lease, self._channel, news]))

    # The beat.

    async def _beats(self) -> None:
        while True:
            await self._sleep(BEAT_S)
            with suppress(FleetMisconfiguredError):  # it was said
                await self._beat()

    async def _beat(self, *, first: bool = False) -> None:
        """Renew what is ours and read what is open; `first`: others are not waited for."""
        try:
            if not self._in_reach:
                await check_server(self._client)
            for one in self._providers.values():
                await self._renew(one)
        except FleetMisconfiguredError as error:
            self._say_once(str(error))
            raise
        except AWAY as error:
            self._lose(type(error).__name__)
            return
        if (self._in_reach or first) and not self._shared:
            self._regain()
        self._in_reach = True

    async def _renew(self, one: SharedProvider) -> None:
        asked = one.slots.running
        probe = one.probe if self._clock.monotonic() < one.probe_ends else ""
        keys = [one.leases, one.members, one.opening, one.pause, one.probe_key]
        args: _Args = [_LEASE_MS, _FORGET_MS, self._member, probe, *asked]
        opening, pause, *unknown = await self._beat_one(keys=keys, args=args)
        one.slots.renewed(asked, unknown)
        if opening > STALE_MS:
            one.hear(News("opened", one.name, self._member, opening / 1000))
        if pause > STALE_MS:
            one.hear(News("paused", one.name, self._member, pause / 1000))

    def _regain(self) -> None:
        self._shared, self._said = True, None
        self._metrics.shared()
        logger.info("outbound.fleet_shared")
        self._wake()

    def _lose(self, reason: str) -> None:
        """Have our share from now on. Said once, not for each call that notices."""
        self._in_reach = False
        if self._shared:
            self._shared = False
            for one in self._providers.values():
                one.slots.lost()
        self._say_once(reason)

    def _say_once(self, reason: str) -> None:
        if self._said is None:
            self._metrics.fell_back()
            logger.warning("outbound.fleet_out_of_reach", extra={"reason": reason})
        self._said = reason

    def _wake(self) -> None:
        for one in self._providers.values():
            one.slots.wake()

    # Telling and hearing.

    def _tell_block(self, key: str, one: SharedProvider, news: News) -> None:
        probe = one.probe if news.kind == "opened" else ""
        args: _Args = [max(1, round(news.seconds * 1000)), self._channel, encode(news), probe]
        self._tell(self._block(keys=[key, one.probe_key], args=args))

    def _tell(self, command: "Coroutine[Any, Any, Any]") -> None:
        """Send it in the background; who is out of reach is told nothing."""
        if not self._in_reach:
            command.close()
            return
        task = asyncio.ensure_future(self._answer(command))
        self._told.add(task)
        task.add_done_callback(self._told.discard)

    async def _answer(self, command: "Awaitable[Any]") -> Any:
        """What the server answers; None, and the loss is noted, when it does not."""
        try:
            return await command
        except AWAY as error:
            self._lose(type(error).__name__)
            return None

    def _hear(self, news: News) -> None:
        one = self._providers.get(news.provider)
        if one is not None and (news.kind == "free" or news.member != self._member):
            one.hear(news)

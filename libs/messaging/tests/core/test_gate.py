"""Who is let through the gate, when, and in which order."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_messaging.core.gate import Gate, Verdict
from resume_messaging.core.signals import Signal
from resume_messaging.sim.availability import PROVIDER, ScriptedAvailability
from resume_messaging.sim.loop import VirtualClock, run_virtual
from resume_runtime.clock import system_sleep

from .bench import on_bench


@dataclass
class Door:
    """A gate and whoever passed it, in order."""

    providers: ScriptedAvailability = field(default_factory=ScriptedAvailability)
    passed: list[str] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    inside: int = 0
    most_inside: int = 0

    def __post_init__(self) -> None:
        self.clock = VirtualClock(asyncio.get_running_loop())
        self.gate = Gate(self.providers, self.clock, system_sleep)

    def arrive(
        self,
        name: str,
        *,
        deadline: float = 100.0,
        stays: float = 1.0,
        stop: Signal | None = None,
        pause_s: float = 0.0,
    ) -> "asyncio.Task[Verdict]":
        return asyncio.ensure_future(self._pass(name, deadline, stays, stop or Signal(), pause_s))

    async def _pass(
        self, name: str, deadline: float, stays: float, stop: Signal, pause_s: float
    ) -> Verdict:
        passage = await self.gate.passage(PROVIDER, deadline=deadline, stop=stop, pause_s=pause_s)
        with passage as verdict:
            self.verdicts[name] = verdict
            if verdict is Verdict.PASSED:
                self.passed.append(name)
                self.inside += 1
                self.most_inside = max(self.most_inside, self.inside)
                await system_sleep(stays)
                self.inside -= 1
        return verdict


@on_bench
async def test_gate_without_providers_lets_all_through() -> None:
    """A process that calls nobody has an open gate."""
    clock = VirtualClock(asyncio.get_running_loop())
    gate = Gate(None, clock, system_sleep)
    passage = await gate.passage("anybody", deadline=1.0, stop=Signal())
    assert passage.verdict is Verdict.PASSED


@on_bench
async def test_gate_opens_by_time_alone() -> None:
    """A provider that is blocked until a moment is asked at that moment, without an event."""
    door = Door()
    door.providers.set("paused", until=30.0)
    assert await door.arrive("a") is Verdict.PASSED
    assert door.clock.monotonic() == pytest.approx(31.0)


@on_bench
async def test_gate_opens_for_the_oldest_first() -> None:
    """The time of opening is everybody's; the order is by deadline, also when the first gave up."""
    door, stop = Door(), Signal()
    door.providers.set("open", until=40.0)
    ranks = {"d": 90.0, "b": 50.0, "c": 80.0, "a": 45.0}
    tasks = [door.arrive(name, deadline=at) for name, at in ranks.items()]
    tasks.append(door.arrive("first", deadline=41.0, stop=stop))
    await system_sleep(10.0)
    stop.set()
    await asyncio.gather(*tasks)
    assert door.passed == ["a", "b", "c", "d"]
    assert door.clock.monotonic() == pytest.approx(41.0)


@on_bench
async def test_gate_opens_at_a_change_of_state() -> None:
    """A provider that recovers early releases its holders at once, the oldest deadline first."""
    door = Door()
    door.providers.set("open", until=90.0)
    tasks = [door.arrive(name, deadline=at) for name, at in (("b", 50.0), ("c", 80.0), ("a", 20.0))]
    await system_sleep(10.0)
    assert door.gate.holding(PROVIDER) == 3
    door.providers.set("closed")
    await asyncio.gather(*tasks)
    assert door.passed == ["a", "b", "c"]
    assert door.clock.monotonic() == pytest.approx(11.0)
    assert door.gate.holding(PROVIDER) == 0


@on_bench
async def test_gate_is_watched_when_the_first_was_admitted_and_has_not_left_yet() -> None:
    """Who arrives behind somebody who is on the way out must not leave the watch to them."""
    door = Door()
    door.providers.set("open", until=40.0)
    first = door.arrive("first", deadline=50.0)
    await system_sleep(10.0)
    second = door.arrive("second", deadline=100.0)
    door.providers.set("closed")
    door.providers.set("open", until=30.0)
    await asyncio.gather(first, second)
    assert door.passed == ["first", "second"]
    assert door.clock.monotonic() == pytest.approx(31.0)


class Opening(ScriptedAvailability):
    """Open until a moment, by a clock that goes on between two looks at it, as a real one does."""

    def __init__(self, until: float, looks: int) -> None:
        super().__init__()
        self._until = until
        self._looks = looks

    def blocked_until(self, provider: str) -> float | None:  # noqa: ARG002  there is one
        self._looks -= 1
        return self._until if self._looks > 0 else None


@on_bench
async def test_gate_sees_an_opening_end_between_two_looks() -> None:
    """Timers fire a little early: the provider is free a moment after it was found blocked."""
    for looks in range(2, 8):
        door = Door(Opening(30.0, looks))
        began = door.clock.monotonic()
        assert await door.arrive("a", deadline=began + 100.0) is Verdict.PASSED
        assert door.clock.monotonic() < began + 32.0


@on_bench
async def test_gate_lets_one_at_a_time_through_half_open() -> None:
    """Exactly one is inside while the provider is half open, the oldest deadline first."""
    door = Door()
    door.providers.set("half_open")
    tasks = [door.arrive(name, deadline=at) for name, at in (("b", 50.0), ("a", 20.0), ("c", 80.0))]
    await asyncio.gather(*tasks)
    assert door.most_inside == 1
    assert door.passed[0] == "b"  # it was alone when it came
    assert door.passed[1:] == ["a", "c"]


@on_bench
async def test_gate_releases_at_the_deadline() -> None:
    """Nobody waits longer than it may."""
    door = Door()
    door.providers.set("open")
    assert await door.arrive("a", deadline=7.0) is Verdict.EXPIRED
    assert door.clock.monotonic() == pytest.approx(7.0)


@on_bench
async def test_gate_releases_a_stopped_run() -> None:
    """A cancel takes one holder out and leaves the others."""
    door, stop = Door(), Signal()
    door.providers.set("open")
    stopped, other = door.arrive("a", stop=stop), door.arrive("b")
    await system_sleep(1.0)
    stop.set()
    assert await stopped is Verdict.STOPPED
    assert door.gate.holding(PROVIDER) == 1
    door.providers.set("closed")
    assert await other is Verdict.PASSED


@on_bench
async def test_gate_releases_all_when_it_closes() -> None:
    """A process that stops holds nobody, not even those who come later."""
    door = Door()
    door.providers.set("open")
    tasks = [door.arrive(name) for name in "ab"]
    await system_sleep(1.0)
    door.gate.close()
    assert await asyncio.gather(*tasks) == [Verdict.SHUTDOWN] * 2
    assert await door.arrive("c") is Verdict.SHUTDOWN


@on_bench
async def test_gate_keeps_a_pause_unless_the_state_changes() -> None:
    """Without news a holder waits its pause; news end it."""
    door = Door()
    await door.arrive("a", pause_s=5.0, stays=0.0)
    assert door.clock.monotonic() == pytest.approx(5.0)
    task = door.arrive("b", pause_s=50.0, stays=0.0)
    await system_sleep(1.0)
    door.providers.set("closed")
    await task
    assert door.clock.monotonic() == pytest.approx(6.0)


@on_bench
async def test_gate_hands_on_the_permit_of_a_cancelled_holder() -> None:
    """Whoever is cancelled between permit and passage does not take the permit along."""
    door = Door()
    door.providers.set("half_open")
    first, second = door.arrive("a"), door.arrive("b")
    await system_sleep(0.5)
    assert door.passed == ["a"]
    first.cancel()
    assert await second is Verdict.PASSED


Move = tuple[str, float]

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["arrive", "stop", "closed", "open", "half_open", "paused", "wait"]),
        st.floats(min_value=0.0, max_value=20.0),
    ),
    max_size=40,
)


@given(MOVES)
def test_gate_never_crowds_and_never_forgets(moves: list[Move]) -> None:
    """Whatever happens: one inside per half-open era, and everybody leaves by its deadline."""

    async def live() -> None:
        door = Door()
        tasks: list[asyncio.Task[Verdict]] = []
        signals: list[Signal] = []
        for kind, number in moves:
            now = door.clock.monotonic()
            if kind == "arrive":
                signals.append(Signal())
                name, deadline = str(len(tasks)), now + 5.0 + number
                tasks.append(door.arrive(name, deadline=deadline, stop=signals[-1]))
            elif kind == "stop" and signals:
                signals[int(number) % len(signals)].set()
            elif kind == "wait":
                await system_sleep(number)
            elif kind != "stop":
                await system_sleep(2.0)  # whoever is inside leaves: a new era begins empty
                door.most_inside = 0
                door.providers.set(kind, until=now + number if kind == "paused" else None)
            if door.providers.state(PROVIDER).kind == "half_open":
                assert door.most_inside <= 1
        await asyncio.gather(*tasks)
        assert door.gate.holding(PROVIDER) == 0
        assert len(door.verdicts) == len(tasks)

    run_virtual(live())

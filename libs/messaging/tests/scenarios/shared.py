"""Scenarios that hold on the simulation and on RabbitMQ alike."""

from datetime import timedelta

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import MAX_ATTEMPTS, EventKind, StageFailed, StageSucceeded
from resume_contracts.routing import RETRY_TIERS, retry_exchange
from resume_messaging.core.outcome import Retry

from .script import Script
from .world import PROVIDER, TAILOR_QUEUE, World

FAILED_ONCE = Retry(ErrorCode.PROVIDER_UNAVAILABLE, "It failed.")

RESEARCH_QUEUES = {"research.company.v1": 4}


async def hold_and_release_six_times(world: World) -> None:
    """Deliveries held six times, by handlers of mixed speed, are each done once; none is lost."""
    script = Script(world.sleep, seconds=(0.2, 3.0, 0.0, 1.0, 0.5))
    worker = await world.start(script.handlers)
    commands = [world.tailor() for _ in range(12)]
    for round_ in range(6):
        world.providers.set("open")
        for command in commands[round_ * 2 : round_ * 2 + 2]:
            await world.publish(command)
        await world.until(lambda: worker.gate.holding(PROVIDER) >= 2)
        world.providers.set("closed")
        await world.until(lambda: worker.gate.holding(PROVIDER) == 0)
    for command in commands:
        await world.until_acked(command)
    assert set(script.started.values()) == {1}
    assert len(world.events(EventKind.STAGE_SUCCEEDED)) == 12


async def held_deliveries_burn_nothing(world: World) -> None:
    """While a provider is away prefetch stops the broker: no call, no attempt, no redelivery."""
    script = Script(world.sleep)
    worker = await world.start(script.handlers)
    world.providers.set("open")
    commands = [world.tailor() for _ in range(6)]
    for command in commands:
        await world.publish(command)
    await world.until(lambda: worker.gate.holding(PROVIDER) == 4)

    async def two_are_ready() -> bool:
        return await world.depth(TAILOR_QUEUE) == 2

    await world.until(two_are_ready)
    assert script.calls == 0
    assert not world.events()
    world.providers.set("closed")
    for command in commands:
        await world.until_acked(command)
    assert set(script.started.values()) == {1}


async def half_open_lets_one_through(world: World) -> None:
    """Of all that wait for a provider exactly one goes first, until its passage ends."""
    script = Script(world.sleep, seconds=(5.0,))
    worker = await world.start(script.handlers)
    world.providers.set("open")
    commands = [world.tailor() for _ in range(4)]
    for command in commands:
        await world.publish(command)
    await world.until(lambda: worker.gate.holding(PROVIDER) == 4)
    world.providers.set("half_open")
    await world.until(lambda: script.running == 1)
    assert worker.gate.holding(PROVIDER) == 3
    await world.until(lambda: script.ended.total() == 1)
    world.providers.set("closed")
    for command in commands:
        await world.until_acked(command)
    assert script.calls == 4


async def held_past_the_deadline(world: World) -> None:
    """A delivery whose deadline passes at the gate ends as expired, without a call."""
    script = Script(world.sleep)
    await world.start(script.handlers)
    world.providers.set("open")
    command = world.tailor(deadline_s=10.0)
    await world.publish(command)
    await world.until_acked(command)
    assert script.calls == 0
    (event,) = world.events()
    assert event.kind == EventKind.STAGE_EXPIRED
    assert event.occurred_at == command.deadline


async def stopped_while_held(world: World) -> None:
    """A process that stops gives back what it holds; another does it, once."""
    first, second = Script(world.sleep), Script(world.sleep)
    world.providers.set("open")
    worker = await world.start(first.handlers)
    commands = [world.tailor() for _ in range(3)]
    for command in commands:
        await world.publish(command)
    await world.until(lambda: worker.gate.holding(PROVIDER) == 3)
    await worker.stop()
    world.providers.set("closed")
    await world.start(second.handlers)
    for command in commands:
        await world.until_acked(command)
    assert first.calls == 0
    assert second.calls == 3


async def stopped_in_a_paid_call(world: World) -> None:
    """A process that stops finishes what it has paid for, and nobody pays again."""
    first, second = Script(world.sleep, seconds=(20.0,)), Script(world.sleep)
    worker = await world.start(first.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until(lambda: first.running == 1)
    await worker.stop()
    assert first.ended.total() == 1
    await world.start(second.handlers)
    await world.until_acked(command)
    assert second.calls == 0


async def lost_confirm(world: World) -> None:
    """A batch that arrived without its confirms is sent again, with the same ids."""
    script = Script(world.sleep)
    world.chaos.publishes = [(9, True), (9, False)]
    await world.start(script.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until_acked(command)
    assert script.calls == 1
    assert len(world.events(EventKind.STAGE_SUCCEEDED)) == 1


async def half_confirmed_batch(world: World) -> None:
    """When only the event of a batch arrived, the whole batch is sent again: no job stops there."""
    script = Script(world.sleep)
    world.chaos.publishes = [(9, True), (1, False)]
    await world.start(script.handlers, queues=RESEARCH_QUEUES)
    command = world.research()
    await world.publish(command)
    await world.until_acked(command)
    assert script.calls == 1
    following = world.commands()[-1]
    assert (following.stage, following.attempt) == ("tailor.resume", 1)
    assert await world.depth(TAILOR_QUEUE) == 1


async def duplicate_command(world: World) -> None:
    """A command that is there twice is done once, and both copies are acked."""
    script = Script(world.sleep)
    command = world.tailor()
    await world.publish(command)
    await world.start(script.handlers, queues={TAILOR_QUEUE: 1})
    await world.until_acked(command)
    await world.publish(command)
    await world.until_acked(command, copies=2)
    assert script.calls == 1


async def concurrent_copies(world: World) -> None:
    """Two deliveries of one command at once, in two processes: one pays, the other waits for it."""
    script = Script(world.sleep, seconds=(10.0,))
    for _ in range(2):
        await world.start(script.handlers, queues={TAILOR_QUEUE: 1})
    command = world.tailor()
    await world.publish(command, copies=2)
    await world.until(lambda: sum(worker.held for worker in world.workers) == 2)
    await world.until_acked(command, copies=2)
    assert script.calls == 1
    assert len(world.events(EventKind.STAGE_SUCCEEDED)) == 1


async def duplicate_event(world: World) -> None:
    """An event that is sent again is the same fact: same id, same content."""
    script = Script(world.sleep)
    world.chaos.publishes = [(9, True), (9, False), (9, False)]
    await world.start(script.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until_acked(command)
    places = await world.account()
    (event,) = world.events(EventKind.STAGE_SUCCEEDED)
    assert places.ready[event.message_id] == 3


async def retry_through_the_first_tier(world: World) -> None:
    """A failed attempt waits in the first tier, and the second one does the stage."""
    script = Script(world.sleep, outcomes=[FAILED_ONCE])
    await world.start(script.handlers)
    command = world.tailor()
    began = world.clock.monotonic()
    await world.publish(command)

    async def is_delayed() -> bool:
        return await world.depth(retry_exchange(RETRY_TIERS[0])) == 1

    await world.until(is_delayed)
    await world.until(lambda: len(world.commands()) == 2)
    second = world.commands()[-1]
    assert (second.attempt, second.calls_left) == (2, command.calls_left - 1)
    await world.until_acked(second)
    assert world.clock.monotonic() - began >= RETRY_TIERS[0]
    assert world.events(EventKind.STAGE_RETRYING)
    assert world.events(EventKind.STAGE_SUCCEEDED)


async def retry_through_every_tier(world: World) -> None:
    """Three attempts, through each tier, and then the stage has failed, with the last reason."""
    script = Script(world.sleep, outcomes=[FAILED_ONCE] * 3)
    await world.start(script.handlers)
    command = world.tailor()
    began = world.clock.monotonic()
    await world.publish(command)
    await world.until(lambda: bool(world.events(EventKind.STAGE_FAILED)))
    assert world.clock.monotonic() - began >= sum(RETRY_TIERS)
    assert script.calls == MAX_ATTEMPTS
    (failed,) = world.events(EventKind.STAGE_FAILED)
    assert isinstance(failed, StageFailed)
    assert (failed.error.code, failed.error.retryable) == (FAILED_ONCE.code, True)


async def second_attempt_is_no_duplicate(world: World) -> None:
    """The second attempt is not taken for a copy of the first; a copy of the first is."""
    script = Script(world.sleep, outcomes=[FAILED_ONCE])
    await world.start(script.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until(lambda: bool(world.events(EventKind.STAGE_SUCCEEDED)))
    await world.publish(command)
    await world.until_acked(command, copies=2)
    assert script.calls == 2


async def second_run_after_a_terminal_one(world: World) -> None:
    """A redrive of a failed run does the stage anew; of a done one, it publishes what was found."""
    script = Script(world.sleep, outcomes=[FAILED_ONCE] * 3)
    await world.start(script.handlers)
    first = world.tailor()
    await world.publish(first)
    await world.until(lambda: bool(world.events(EventKind.STAGE_FAILED)))
    second, third = (world.tailor(run=run, like=first) for run in (2, 3))
    for command in (second, third):
        await world.publish(command)
        await world.until_acked(command)
    assert script.calls == MAX_ATTEMPTS + 1
    again, reused = world.events(EventKind.STAGE_SUCCEEDED)
    assert isinstance(again, StageSucceeded)
    assert isinstance(reused, StageSucceeded)
    assert (again.run, reused.run) == (2, 3)
    assert again.result == reused.result
    assert reused.occurred_at > again.occurred_at


async def optional_stage_past_its_time(world: World) -> None:
    """An optional stage that takes too long is ended; the job goes on without it."""
    script = Script(world.sleep, seconds=(100.0,))
    await world.start(script.handlers, queues=RESEARCH_QUEUES)
    command = world.research(stage_s=5.0)
    await world.publish(command)
    await world.until_acked(command)
    assert world.clock.now() < command.accepted_at + timedelta(seconds=60)
    (event,) = world.events(EventKind.STAGE_SUCCEEDED)
    assert isinstance(event, StageSucceeded)
    assert event.unavailable == ErrorCode.DEADLINE_EXCEEDED
    following = world.commands()[-1]
    assert following.stage == "tailor.resume"
    assert following.facts.research is not None
    assert not following.facts.research.available


async def optional_backlog_drains(world: World) -> None:
    """Optional stages found past their time are passed on at once, without a call."""
    script = Script(world.sleep)
    commands = [world.research(stage_s=0.0) for _ in range(8)]
    for command in commands:
        await world.publish(command)
    await world.start(script.handlers, queues=RESEARCH_QUEUES)
    for command in commands:
        await world.until_acked(command)
    assert script.calls == 0
    assert await world.depth(TAILOR_QUEUE) == 8


async def cancelled_while_queued(world: World) -> None:
    """A run that was cancelled before anybody took it is acked without a call or an event."""
    script = Script(world.sleep)
    command = world.tailor()
    await world.publish(command)
    await world.cancel(command)
    await world.start(script.handlers)
    await world.until_acked(command)
    assert script.calls == 0
    assert not world.events()


async def cancelled_while_held(world: World) -> None:
    """A cancel takes a delivery from the gate at once; its neighbour stays."""
    script = Script(world.sleep)
    worker = await world.start(script.handlers)
    world.providers.set("open")
    command, neighbour = world.tailor(), world.tailor()
    for each in (command, neighbour):
        await world.publish(each)
    await world.until(lambda: worker.gate.holding(PROVIDER) == 2)
    await world.cancel(command)
    await world.until_acked(command)
    assert worker.gate.holding(PROVIDER) == 1
    assert not world.events()
    world.providers.set("closed")
    await world.until_acked(neighbour)
    assert script.calls == 1


async def cancelled_unheard(world: World) -> None:
    """A cancel that a process did not hear while it held is seen in the store before the call."""
    script = Script(world.sleep)
    worker = await world.start(script.handlers)
    world.providers.set("open")
    command = world.tailor()
    await world.publish(command)
    await world.until(lambda: worker.gate.holding(PROVIDER) == 1)
    await world.cancel(command, tell=False)
    world.providers.set("closed")
    await world.until_acked(command)
    assert script.calls == 0


async def cancelled_in_flight(world: World) -> None:
    """A cancel ends the running handler; the delivery is acked and nothing follows from it."""
    script = Script(world.sleep, seconds=(1000.0,))
    await world.start(script.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until(lambda: script.running == 1)
    await world.cancel(command)
    await world.until_acked(command)
    assert script.ended.total() == 0
    assert [event.kind for event in world.events()] == [EventKind.STAGE_STARTED]


async def crash_before_the_memo(world: World) -> None:
    """A process that dies with an unsaved result has paid in vain, once; the job goes on."""
    await _crash(world, "save:before", calls=2)


async def crash_after_the_memo(world: World) -> None:
    """A process that dies with a stored result costs nothing: the redelivery publishes it."""
    await _crash(world, "save:after", calls=1)


async def crash_before_publishing(world: World) -> None:
    """Between memo and publish nothing is lost either."""
    await _crash(world, "publish:before", visit=2, calls=1)


async def crash_after_publishing(world: World) -> None:
    """Published but not acked: published again, with the same ids, and nothing is paid."""
    await _crash(world, "publish:after", visit=2, calls=1)


async def crash_before_the_ack(world: World) -> None:
    """Confirmed but not acked: the redelivery publishes what is stored."""
    await _crash(world, "settle:before", calls=1)


async def crash_after_the_ack(world: World) -> None:
    """What is acked is over: nothing comes again."""
    script = Script(world.sleep)
    worker = await world.start(script.handlers)
    command, marker = world.tailor(), world.tailor()
    await world.publish(command)
    await world.until_acked(command)
    await world.publish(marker)
    await world.until_acked(marker)
    worker.kill()
    await world.start(script.handlers)
    last = world.tailor()
    await world.publish(last)
    await world.until_acked(last)
    assert world.acks(command.message_id) == 1
    assert script.calls == 3


async def _crash(world: World, point: str, *, calls: int, visit: int = 1) -> None:
    script = Script(world.sleep)
    world.chaos.crash_at(point, visit)
    await world.start(script.handlers)
    command = world.tailor()
    await world.publish(command)
    await world.until(lambda: not world.workers[0].is_alive)
    await world.start(script.handlers)
    await world.until_acked(command)
    assert script.calls == calls
    assert len(world.events(EventKind.STAGE_SUCCEEDED)) == 1


SHARED = (
    hold_and_release_six_times,
    held_deliveries_burn_nothing,
    half_open_lets_one_through,
    held_past_the_deadline,
    stopped_while_held,
    stopped_in_a_paid_call,
    lost_confirm,
    half_confirmed_batch,
    duplicate_command,
    concurrent_copies,
    duplicate_event,
    retry_through_the_first_tier,
    retry_through_every_tier,
    second_attempt_is_no_duplicate,
    second_run_after_a_terminal_one,
    optional_stage_past_its_time,
    optional_backlog_drains,
    cancelled_while_queued,
    cancelled_while_held,
    cancelled_unheard,
    cancelled_in_flight,
    crash_before_the_memo,
    crash_after_the_memo,
    crash_before_publishing,
    crash_after_publishing,
    crash_before_the_ack,
    crash_after_the_ack,
)

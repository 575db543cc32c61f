"""Run histories, one seed after the other."""

import asyncio
from dataclasses import dataclass

from resume_messaging.sim.checks import violations
from resume_messaging.sim.history import History
from resume_messaging.sim.loop import DeadlockError, run_virtual
from resume_messaging.sim.record import Parts


@dataclass(frozen=True, slots=True)
class Report:
    """What one seed came to. Equal for equal seeds.

    Attributes:
        seed: which history.
        violations: what was wrong.
        runs: accepted.
        published: messages that were routed.
        crashes: processes that died.
        calls: started at the provider.
        lost_calls: answered calls whose process died before it could store the result.
        seconds: virtual time.
        trace: digest of every publish and its time.
    """

    seed: int
    violations: tuple[str, ...]
    runs: int = 0
    published: int = 0
    crashes: int = 0
    calls: int = 0
    lost_calls: int = 0
    seconds: float = 0.0
    trace: str = ""


def run_seed(seed: int, parts: Parts | None = None) -> Report:
    """Live through one history and check it."""
    try:
        return run_virtual(_history(seed, parts or Parts()))
    except DeadlockError:
        return Report(seed, ("deadlock: nothing will ever happen again",))


async def _history(seed: int, parts: Parts) -> Report:
    loop = asyncio.get_running_loop()
    history = History(seed, parts, loop)
    await history.run()
    lost = [call for call in history.openai.ledger if call.result == "done" and not call.is_saved]
    return Report(
        seed=seed,
        violations=tuple(violations(history)),
        runs=len(history.record.deadlines),
        published=len(history.world.broker.published),
        crashes=len(history.record.died),
        calls=len(history.openai.ledger),
        lost_calls=len(lost),
        seconds=round(loop.time(), 3),
        trace=history.record.trace.hexdigest(),
    )

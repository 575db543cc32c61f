"""The cache of models' answers: who asks the same again does not pay again.

Kept per user, for a while. What comes from it goes through the truth gate like a fresh answer. No
trouble of its own ever fails a job: without the cache the model is asked.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Generic
from uuid import UUID

import orjson
import structlog

from resume_messaging.core.flights import SingleFlight, Turn
from resume_runtime.clock import Clock
from tailor_svc import prompts
from tailor_svc.form import A, Form
from tailor_svc.metrics import AnswerMetrics
from tailor_svc.ports import Answered, Answers, Asking
from tailor_svc.profiles import Profile
from tailor_svc.shape import Shape
from tailor_svc.wire import request_body

log = structlog.get_logger()

#: Another's call is waited for no later than this before the deadline: time enough for one's own.
OWN_CALL_S: Final = 30.0
#: The longest that a guarded call takes; who has the flight longer is dead.
LONGEST_CALL_S: Final = 120.0

Ask = Callable[[], Awaitable[Answered[A]]]


def question_digest(
    url: str, model: str, profile: Profile, form: Form[Any], question: str
) -> bytes:
    """What makes a question the same: where and how it is asked, its prompts, and its data.

    The shape is the profile's: which simpler one an endpoint was found to understand says nothing
    of the question.
    """
    body = request_body(model, form, question, Shape.of(profile), profile.answer)
    asked = {"url": url, "body": body, "else": prompts.load(prompts.ANSWER_JSON)}
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(frozen=True, slots=True)
class Given(Generic[A]):
    """An answer; `is_cached`: it was had before, and nobody was called."""

    answered: Answered[A]
    is_cached: bool


@dataclass(frozen=True, slots=True)
class _Flight:
    key: bytes
    token: UUID


@dataclass(frozen=True, slots=True)
class _Look(Generic[A]):
    """What looking for a kept answer came to, and one's flight when it is one's turn to ask."""

    result: str
    kept: Answered[A] | None = None
    flight: _Flight | None = None


class AnswerCache:
    """One endpoint's answers, or all endpoints': a digest names its endpoint."""

    def __init__(
        self,
        answers: Answers,
        flights: SingleFlight,
        *,
        ttl: timedelta,
        clock: Clock,
        metrics: AnswerMetrics,
    ) -> None:
        self._answers = answers
        self._flights = flights
        self._ttl = ttl
        self._clock = clock
        self._metrics = metrics

    async def get(
        self, endpoint: str, digest: bytes, form: Form[A], asking: Asking, ask: Ask[A]
    ) -> Given[A]:
        """The user's own kept answer, or what `ask` brings; that is kept when it says something.

        While another job of the user asks the same, in any process, its answer is waited for.
        Raises what `ask` raises.
        """
        look = await self._look(digest, form, asking)
        self._metrics.read(endpoint, look.result)
        if look.kept is not None:
            return Given(look.kept, is_cached=True)
        try:
            answered = await ask()
            if (worth := form.worth(answered.answer)) is not None:
                await self._keep(digest, asking, replace(answered, answer=worth))
        finally:
            if look.flight is not None:
                await self._end(look.flight)
        return Given(answered, is_cached=False)

    async def _look(self, digest: bytes, form: Form[A], asking: Asking) -> _Look[A]:
        try:
            return await self._find(digest, form, asking)
        except Exception as error:  # noqa: BLE001  whatever it is, the model can still be asked
            log.warning("answers.unavailable", error=type(error).__name__)
            return _Look("unavailable")

    async def _find(self, digest: bytes, form: Form[A], asking: Asking) -> _Look[A]:
        kept = await self._read(digest, form, asking)
        if kept is not None:
            return _Look("hit", kept)
        key = hashlib.sha256(asking.user_id.bytes + digest).digest()
        # A job has one worker: what came back from a dead one takes the job's flight up again.
        flight = _Flight(key, asking.job_id)
        lease = min(asking.deadline, self._clock.monotonic() + LONGEST_CALL_S)
        wait_until = asking.deadline - OWN_CALL_S
        while True:
            turn = await self._flights.turn(
                key, flight.token, deadline=lease, wait_until=wait_until
            )
            if turn is Turn.LATE:
                return _Look("late")
            kept = await self._read(digest, form, asking)
            if turn is Turn.MINE and kept is not None:
                await self._end(flight)
            if kept is not None:
                return _Look("shared", kept)
            if turn is Turn.MINE:
                return _Look("miss", flight=flight)
            lease = min(asking.deadline, self._clock.monotonic() + LONGEST_CALL_S)

    async def _read(self, digest: bytes, form: Form[A], asking: Asking) -> Answered[A] | None:
        return await self._answers.read(asking.user_id, digest, form, self._clock.now())

    async def _keep(self, digest: bytes, asking: Asking, answer: Answered[A]) -> None:
        now = self._clock.now()
        try:
            await self._answers.write(
                asking.user_id, digest, answer, now=now, until=now + self._ttl
            )
        except Exception as error:  # noqa: BLE001  it is paid for, so the job has it
            log.warning("answers.not_kept", error=type(error).__name__)

    async def _end(self, flight: _Flight) -> None:
        try:
            await self._flights.end(flight.key, flight.token)
        except Exception as error:  # noqa: BLE001  its lease ends by itself
            log.warning("answers.flight_not_ended", error=type(error).__name__)

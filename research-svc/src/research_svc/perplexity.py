"""Questions to Perplexity's Agent API (`POST /v1/responses`), each a guarded call.

Structured output is asked for with `response_format.json_schema` (chat style, not OpenAI's
`text.format`). The first use of a schema may take 10 to 30 s, the time it is compiled in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx2

from research_svc import prompts
from research_svc.perplexity_wire import (
    PROVIDER,
    AnswerError,
    Run,
    read_run,
    require_completed,
    usage_of,
)
from research_svc.ports import Asking
from resume_outbound.call import SHORTEST_ATTEMPT_S, Outbound
from resume_outbound.timing import ElapsedError, within
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock, Sleep

R = TypeVar("R")

#: Part of the time left that the first attempt with a schema gets, while no answer of that schema
#: was seen. The provider goes on compiling after we left; what remains of a stage's 30 s is
#: enough for the second attempt, and for a second timeout to count as an outage.
FIRST_PART: Final = 0.4


class SlowStartError(Exception):
    """The first attempt with a schema took longer than its part of the time."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked: a prompt by its versioned name, and the JSON schema of the answer."""

    prompt: str
    schema_name: str
    schema: dict[str, Any]


class PerplexityAgent:
    """Runs of one model. Every call goes through `Outbound`."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        outbound: Outbound,
        *,
        url: str,
        key: str,
        model: str,
        most: int,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        """`most`: micro-USD that a run costs at most."""
        self._client = client
        self._outbound = outbound
        self._url = f"{url}/v1/responses"
        self._headers = {"authorization": f"Bearer {key}"}
        self._model = model
        self._most = most
        self._clock = clock
        self._sleep = sleep
        self._compiled: set[str] = set()

    async def run(self, form: Form, question: str, asking: Asking, read: Callable[[Run], R]) -> R:
        """What `read` makes of a completed run; it raises `AnswerError` for a poor answer.

        Each run that was answered is on the bill, failed ones too.

        Raises:
            OutboundError: the provider cannot answer.
            CallsExhaustedError: no paid call is left.
        """
        body = self._body(form, question)
        attempts = 0

        async def attempt() -> R:
            nonlocal attempts
            attempts += 1
            headers = {**self._headers, "x-client-request-id": asking.start_call(self._most)}
            response = await self._post(body, headers, self._limit(form, asking, attempts))
            response.raise_for_status()
            run = read_run(response.content)
            asking.bill.append(usage_of(self._model, run))
            require_completed(run)
            self._compiled.add(form.schema_name)
            return read(run)

        return await self._outbound.call(
            PROVIDER, attempt, deadline=asking.deadline, classify=classify
        )

    def _limit(self, form: Form, asking: Asking, attempt: int) -> float | None:
        """Seconds for an attempt, when it is to leave time for another one."""
        part = FIRST_PART * (asking.deadline - self._clock.monotonic())
        is_first = attempt == 1 and form.schema_name not in self._compiled
        return part if is_first and part >= SHORTEST_ATTEMPT_S else None

    async def _post(
        self, body: dict[str, Any], headers: dict[str, str], limit: float | None
    ) -> httpx2.Response:
        async def post() -> httpx2.Response:
            return await self._client.post(self._url, json=body, headers=headers)

        if limit is None:
            return await post()
        try:
            return await within(limit, post, self._sleep)
        except ElapsedError:
            raise SlowStartError from None

    def _body(self, form: Form, question: str) -> dict[str, Any]:
        return {
            "model": self._model,
            "instructions": prompts.load(form.prompt),
            "input": question,
            "tools": [{"type": "web_search", "search_context_size": "low"}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": form.schema_name, "schema": form.schema, "strict": True},
            },
            "max_output_tokens": 1500,
            "store": False,
        }


def classify(error: BaseException) -> Verdict | None:
    """What the answers and the slow start mean; all else is the default's to judge."""
    if isinstance(error, AnswerError):
        return error.verdict
    if isinstance(error, SlowStartError):
        return Verdict.failure("timeout", counted=False)
    return None

"""One endpoint that speaks OpenAI's chat completions.

One retry policy only, ours: the SDK's own is off (`max_retries=0`).
"""

from dataclasses import dataclass
from typing import Generic

import httpx2
import structlog
from openai import AsyncOpenAI, BadRequestError, UnprocessableEntityError
from pydantic import ValidationError

from resume_contracts.messages import Usage
from resume_contracts.usage import spared
from resume_outbound.call import Outbound
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock
from tailor_svc import prompts
from tailor_svc.answers import AnswerCache, Given, question_digest
from tailor_svc.budget import count_tokens
from tailor_svc.form import A, Form
from tailor_svc.ports import Answered, Asking, Author, RefusedByModelError, Reply, Request
from tailor_svc.profiles import Profile
from tailor_svc.settings import Endpoint
from tailor_svc.shape import Complaint, LearntShape, Shape
from tailor_svc.wire import Choice, Completion, TokenUsage, read_answer, request_body

log = structlog.get_logger()

#: What the person is told of an answer that was kept.
CACHED_NOTE = "The same was asked before: the model's answer from then was used again."
#: How often an answer that is not of the agreed form is asked for.
_MOST_UNUSABLE = 2
#: The schema, which goes with the request or into the prompt, and what the wire adds.
_SCHEMA_TOKENS = 1_000


def create_client(endpoint: Endpoint) -> AsyncOpenAI:
    """A client without retries of its own, with the playbook's 90 s less a margin per read."""
    return AsyncOpenAI(
        # Servers that need no key take any.
        api_key=endpoint.key.get_secret_value() if endpoint.key else "none",
        base_url=endpoint.url,
        max_retries=0,
        timeout=httpx2.Timeout(85.0, connect=5.0, pool=5.0),
    )


class UnusableAnswerError(Exception):
    """The endpoint answered, but not what was asked for; `again`: it is asked once more."""

    def __init__(self, *, again: bool) -> None:
        super().__init__("unusable answer")
        self.again = again


class _FilteredError(Exception):
    """The provider withheld the model's answer."""


class OpenAIEndpoint:
    """Asks one endpoint's model; every attempt goes through `Outbound`.

    `outbound` must know the endpoint by its name.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        client: AsyncOpenAI,
        outbound: Outbound,
        profile: Profile,
        clock: Clock,
        *,
        cache: AnswerCache | None = None,
    ) -> None:
        self.name = endpoint.name
        self._url = endpoint.url
        self._model = endpoint.model
        self._cache = cache
        self._client = client
        self._outbound = outbound
        self._profile = profile
        self._shape = LearntShape(profile, clock.monotonic)

    @property
    def mode(self) -> str:
        """How the model is held to the form of its answer: schema, json or text."""
        return self._shape.current.mode

    async def ask(self, request: Request[A], asking: Asking) -> Reply[A]:
        """One guarded call, unless the answer is kept; see the port."""
        form = request.form
        instructions = prompts.load(form.prompt) + prompts.load(prompts.ANSWER_JSON)
        overhead = count_tokens(instructions) + _SCHEMA_TOKENS
        question = request.fit(self._profile.input_tokens - overhead)
        most = self._profile.most(overhead + count_tokens(question.text))
        given = await self._given(_Call(form, question.text, asking, most))
        notes = question.notes
        if given.is_cached:
            asking.bill.add(*spared([given.answered.usage]))
            notes = (CACHED_NOTE, *notes)
        author = Author(self.name, self._model, form.prompt)
        return Reply(given.answered.answer, author, notes)

    async def _given(self, call: "_Call[A]") -> Given[A]:
        asking = call.asking

        async def attempt() -> Answered[A]:
            return await self._attempt(call)

        async def ask() -> Answered[A]:
            return await self._outbound.call(
                self.name, attempt, deadline=asking.deadline, classify=_classify
            )

        if self._cache is None:
            return Given(await ask(), is_cached=False)
        digest = question_digest(self._url, self._model, self._profile, call.form, call.question)
        return await self._cache.get(self.name, digest, call.form, asking, ask)

    async def _attempt(self, call: "_Call[A]") -> Answered[A]:
        request_id = call.asking.start_call(call.most)
        call.asking.bill.add(self._usage(TokenUsage(), calls=1))
        shape, content = await self._send(call, request_id)
        try:
            completion = Completion.model_validate_json(content)
        except ValidationError:
            raise call.unusable() from None
        used = completion.usage or TokenUsage()
        call.asking.bill.add(self._usage(used))
        answer = self._read(completion.choices[0], shape, call)
        return Answered(answer, self._usage(used, calls=1))

    def _read(self, choice: Choice, shape: Shape, call: "_Call[A]") -> A:
        message = choice.message
        if message.refusal:
            raise RefusedByModelError
        if choice.finish_reason == "content_filter":
            raise _FilteredError
        if choice.finish_reason == "length":
            # The same question would be cut off again.
            raise UnusableAnswerError(again=False)
        try:
            return read_answer(call.form, message.content or "", shape.mode)
        except ValueError:
            if (message.content or "").strip():
                self._shape.learn(shape.unenforced())
            raise call.unusable() from None

    async def _send(self, call: "_Call[A]", request_id: str) -> tuple[Shape, bytes]:
        """The answer's body, in the strictest shape that the endpoint understands.

        A request refused for its shape was not worked on, so it is no paid call of its own.
        """
        shape = self._shape.current
        while True:
            body = request_body(self._model, call.form, call.question, shape, self._profile.answer)
            try:
                answer = await self._client.chat.completions.with_raw_response.create(
                    **body, extra_headers={"x-client-request-id": request_id}
                )
            except (BadRequestError, UnprocessableEntityError) as error:
                simpler = shape.without(_complaint(error))
                if simpler is None:
                    raise
                shape = simpler
                continue
            if shape != self._shape.current:
                log.info("tailor.endpoint_learnt", endpoint=self.name, mode=shape.mode)
                self._shape.learn(shape)
            return shape, answer.http_response.content

    def _usage(self, used: TokenUsage, *, calls: int = 0) -> Usage:
        tokens_in, tokens_out = used.prompt_tokens or 0, used.completion_tokens or 0
        cached = min(used.cached_tokens, tokens_in)
        cost = self._profile.cost(
            input_tokens=tokens_in, cached_tokens=cached, output_tokens=tokens_out
        )
        return Usage(
            provider=self.name,
            model=self._model,
            calls=calls,
            input_tokens=tokens_in,
            cached_input_tokens=cached,
            output_tokens=tokens_out,
            cost_usd=cost,
        )


@dataclass(slots=True)
class _Call(Generic[A]):
    """One question, what a call costs at most (micro-USD), and what its attempts came to so far."""

    form: Form[A]
    question: str
    asking: Asking
    most: int | None
    unusable_answers: int = 0

    def unusable(self) -> UnusableAnswerError:
        self.unusable_answers += 1
        return UnusableAnswerError(again=self.unusable_answers < _MOST_UNUSABLE)


def _complaint(error: BadRequestError | UnprocessableEntityError) -> Complaint:
    return Complaint(str(error.param or ""), str(error.code or ""), str(error.body or ""))


def _classify(error: BaseException) -> Verdict | None:
    """What is raised beside HTTP errors; None leaves it to the default rules.

    Whoever answers is not down, however poor the answer: nothing here counts towards the breaker.
    """
    if isinstance(error, UnusableAnswerError):
        return Verdict.failure("contract", retry=error.again, counted=False)
    if isinstance(error, _FilteredError):
        return Verdict.refused(200, "content_filter")
    if isinstance(error, RefusedByModelError):
        return Verdict.ok()
    return None

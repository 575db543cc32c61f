"""One endpoint that speaks OpenAI's chat completions.

One retry policy only, ours: the SDK's own is off (`max_retries=0`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import structlog
from openai import AsyncOpenAI, BadRequestError, UnprocessableEntityError
from pydantic import ValidationError

from resume_contracts.messages import Usage
from resume_core.changes import Change
from resume_core.model import Resume
from resume_outbound.call import Outbound
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock
from tailor_svc import prompts
from tailor_svc.bill import Bill
from tailor_svc.budget import count_tokens, fit
from tailor_svc.model import to_changes
from tailor_svc.ports import Assignment, Proposal, RefusedByModelError
from tailor_svc.profiles import Profile
from tailor_svc.settings import Endpoint
from tailor_svc.shape import Complaint, LearntShape, Shape
from tailor_svc.wire import Choice, Completion, TokenUsage, read_changes, request_body

log = structlog.get_logger()

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
    """Asks one endpoint's model for changes; every attempt goes through `Outbound`.

    `outbound` must know the endpoint by its name.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        client: AsyncOpenAI,
        outbound: Outbound,
        profile: Profile,
        clock: Clock,
    ) -> None:
        self.name = endpoint.name
        self._model = endpoint.model
        self._client = client
        self._outbound = outbound
        self._profile = profile
        self._shape = LearntShape(profile, clock.monotonic)

    @property
    def mode(self) -> str:
        """How the model is held to the form of its answer: schema, json or text."""
        return self._shape.current.mode

    async def propose(
        self,
        assignment: Assignment,
        *,
        deadline: float,
        start_call: Callable[[], str],
        bill: Bill,
    ) -> Proposal:
        """One guarded call; see the port."""
        instructions = prompts.load(prompts.TAILOR_RESUME) + prompts.load(prompts.ANSWER_JSON)
        room = self._profile.input_tokens - count_tokens(instructions) - _SCHEMA_TOKENS
        question = fit(assignment, room)
        call = _Call(question.text, assignment.resume, start_call, bill)

        async def attempt() -> Proposal:
            return await self._attempt(call)

        proposal = await self._outbound.call(
            self.name, attempt, deadline=deadline, classify=_classify
        )
        return Proposal(proposal.changes, question.notes)

    async def _attempt(self, call: "_Call") -> Proposal:
        request_id = call.start()
        self._charge(call.bill, TokenUsage(), calls=1)
        shape, content = await self._ask(call.question, request_id)
        try:
            completion = Completion.model_validate_json(content)
        except ValidationError:
            raise call.unusable() from None
        self._charge(call.bill, completion.usage or TokenUsage())
        return Proposal(self._read(completion.choices[0], shape, call))

    def _read(self, choice: Choice, shape: Shape, call: "_Call") -> tuple[Change, ...]:
        message = choice.message
        if message.refusal:
            raise RefusedByModelError
        if choice.finish_reason == "content_filter":
            raise _FilteredError
        if choice.finish_reason == "length":
            # The same question would be cut off again.
            raise UnusableAnswerError(again=False)
        try:
            proposed = read_changes(message.content or "", shape.mode)
        except ValueError:
            if (message.content or "").strip():
                self._shape.learn(shape.unenforced())
            raise call.unusable() from None
        return to_changes(call.resume, proposed.changes)

    async def _ask(self, question: str, request_id: str) -> tuple[Shape, bytes]:
        """The answer's body, in the strictest shape that the endpoint understands.

        A request refused for its shape was not worked on, so it is no paid call of its own.
        """
        shape = self._shape.current
        while True:
            try:
                answer = await self._client.chat.completions.with_raw_response.create(
                    **request_body(self._model, question, shape, self._profile.answer),
                    extra_headers={"x-client-request-id": request_id},
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

    def _charge(self, bill: Bill, used: TokenUsage, *, calls: int = 0) -> None:
        tokens_in, tokens_out = used.prompt_tokens or 0, used.completion_tokens or 0
        cached = min(used.cached_tokens, tokens_in)
        cost = self._profile.cost(
            input_tokens=tokens_in, cached_tokens=cached, output_tokens=tokens_out
        )
        bill.add(
            Usage(
                provider=self.name,
                model=self._model,
                calls=calls,
                input_tokens=tokens_in,
                cached_input_tokens=cached,
                output_tokens=tokens_out,
                cost_usd=cost,
            )
        )


@dataclass(slots=True)
class _Call:
    """One question and what its attempts came to so far."""

    question: str
    resume: Resume
    start: Callable[[], str]
    bill: Bill
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

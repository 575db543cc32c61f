"""`Proposer` over any endpoint that speaks OpenAI's chat completions with strict JSON schemas.

One retry policy only, ours: the SDK's own is off (`max_retries=0`). Wire contract: OpenAI API
reference, chat completions; the SDK's behaviour on refusal, cut-off and schema violation is pinned
by tests.
"""

from collections.abc import Callable

import httpx2
from openai import (
    AsyncOpenAI,
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
)
from openai.types import CompletionUsage
from openai.types.chat import ParsedChatCompletion

from resume_contracts.messages import Usage
from resume_core.model import Resume
from resume_outbound.call import Outbound
from resume_outbound.verdict import Verdict
from tailor_svc import prompts
from tailor_svc.model import ProposedChanges, to_changes, user_message
from tailor_svc.ports import Assignment, Proposal, RefusedByModelError

PROVIDER = "openai"

#: USD per million tokens (input, output) of models whose price we know; openai.com/api/pricing,
#: read in November 2026.
PRICES = {"gpt-4.1-mini": (0.40, 1.60)}


def create_client(url: str, key: str) -> AsyncOpenAI:
    """A client without retries of its own, with the playbook's 90 s less a margin per read."""
    return AsyncOpenAI(
        api_key=key,
        base_url=url,
        max_retries=0,
        timeout=httpx2.Timeout(85.0, connect=5.0, pool=5.0),
    )


class UnusableAnswerError(Exception):
    """The endpoint answered, but with nothing that was asked for."""


class OpenAIProposer:
    """Asks a model for changes; every attempt goes through `Outbound`."""

    def __init__(self, client: AsyncOpenAI, outbound: Outbound, *, model: str) -> None:
        self._client = client
        self._outbound = outbound
        self._model = model
        self._system = prompts.load(prompts.TAILOR_RESUME)

    async def propose(
        self, assignment: Assignment, *, deadline: float, start_call: Callable[[], str]
    ) -> Proposal:
        """One guarded call; see the port."""
        question = user_message(assignment)

        async def attempt() -> Proposal:
            return await self._ask(question, assignment.resume, start_call())

        return await self._outbound.call(PROVIDER, attempt, deadline=deadline, classify=_classify)

    async def _ask(self, question: str, resume: Resume, request_id: str) -> Proposal:
        completion = await self._complete(question, request_id)
        usage = _usage(self._model, completion.usage)
        if not completion.choices:
            raise UnusableAnswerError
        message = completion.choices[0].message
        if message.refusal:
            raise RefusedByModelError(usage)
        if message.parsed is None:
            raise UnusableAnswerError
        return Proposal(to_changes(resume, message.parsed.changes), usage)

    async def _complete(
        self, question: str, request_id: str
    ) -> ParsedChatCompletion[ProposedChanges]:
        try:
            return await self._client.chat.completions.parse(
                model=self._model,
                messages=[
                    {"role": "system", "content": self._system},
                    {"role": "user", "content": question},
                ],
                response_format=ProposedChanges,
                max_completion_tokens=4000,
                store=False,
                extra_headers={"x-client-request-id": request_id},
            )
        except (AttributeError, TypeError):
            # The SDK stumbles over a 200 that is no completion, e.g. a proxy's page.
            raise UnusableAnswerError from None


def _classify(error: BaseException) -> Verdict | None:
    """What is raised beside HTTP errors; None leaves it to the default rules.

    Whoever answers is not down, however poor the answer: nothing here counts towards the breaker.
    """
    if isinstance(error, UnusableAnswerError):
        return Verdict.failure("contract", counted=False)
    if isinstance(error, LengthFinishReasonError):
        return Verdict.failure("contract", retry=False, counted=False)
    if isinstance(error, ContentFilterFinishReasonError):
        return Verdict.refused(200, "content_filter")
    if isinstance(error, RefusedByModelError):
        return Verdict.ok()
    return None


def _usage(model: str, usage: CompletionUsage | None) -> Usage:
    # Typed as numbers, but the SDK does not check what compatible endpoints send.
    tokens_in = (usage.prompt_tokens or 0) if usage else 0
    tokens_out = (usage.completion_tokens or 0) if usage else 0
    cost = None
    if (price := PRICES.get(model)) is not None:
        cost = (tokens_in * price[0] + tokens_out * price[1]) / 1_000_000
    return Usage(
        provider=PROVIDER,
        model=model,
        calls=1,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost_usd=cost,
    )

"""Fault scripts: what goes wrong on a route, in which order and how often."""

from dataclasses import dataclass
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from resume_runtime.clock import Clock
from resume_runtime.schemas import ApiModel
from resume_sandbox.provider_errors import PROVIDER_ERRORS
from resume_sandbox.routes import RouteName, provider_of

FaultKind = Literal[
    "none",
    "status",
    "error",
    "hang",
    "reset",
    "cut_body",
    "slow_drip",
    "not_json",
    "wrong_json",
    "wrong_schema",
    "refusal",
    "length",
    "content_filter",
    "run_failed",
    "run_queued",
    "run_in_progress",
    "run_cancelled",
    "run_requires_action",
    "no_sources",
    "unknown_items",
    "pay_not_on_page",
    "pay_undated",
    "pay_unsampled",
    "pay_other_region",
    "pay_other_currency",
    "pay_other_page",
    "target_status",
    "no_json",
    "unsuccessful",
]
_TRANSPORT: Final = frozenset(
    {"none", "status", "hang", "reset", "cut_body", "slow_drip", "not_json"}
)
_MODEL: Final = frozenset({"error", "wrong_json", "wrong_schema"})
_OPENAI: Final = _TRANSPORT | _MODEL | {"refusal", "length", "content_filter"}
_PERPLEXITY: Final = _MODEL | {
    "run_failed",
    "run_queued",
    "run_in_progress",
    "run_cancelled",
    "run_requires_action",
    "no_sources",
    "unknown_items",
    "pay_not_on_page",
    "pay_undated",
    "pay_unsampled",
    "pay_other_region",
    "pay_other_currency",
    "pay_other_page",
}
_FIRECRAWL: Final = frozenset({"error", "wrong_schema", "target_status", "no_json", "unsuccessful"})
#: What can be asked of each route.
KINDS: Final[dict[RouteName, frozenset[str]]] = {
    "openai.chat": _OPENAI,
    "openai.responses": _OPENAI,
    "openai.models": _TRANSPORT | {"error"},
    "openai-b.chat": _OPENAI,
    "openai-b.responses": _OPENAI,
    "openai-b.models": _TRANSPORT | {"error"},
    "perplexity.responses": _TRANSPORT | _PERPLEXITY,
    "perplexity.search": _TRANSPORT | {"error"},
    "firecrawl.scrape": _TRANSPORT | _FIRECRAWL,
    "boards.greenhouse": _TRANSPORT,
    "boards.lever": _TRANSPORT,
    "boards.ashby": _TRANSPORT,
    "careers.page": _TRANSPORT - {"not_json"},
}
_WITH_STATUS: Final = frozenset({"status", "target_status"})


class FaultStep(ApiModel):
    """One fault, for `times` calls in a row.

    - `none`: the usual answer.
    - `status`: an error answer with `status`, in the provider's own shape; `code` overrides the
      error's code, `retryAfter` (seconds) is sent as `Retry-After` only when it is given,
      with `retryAfterDate` as the HTTP date of that moment.
    - `hang`: nothing for `seconds` (not given: until the client leaves), then the usual answer.
    - `reset`: the connection is reset before any answer.
    - `cut_body`: the answer's headers and half of its body, then the connection is closed.
    - `slow_drip`: the usual answer, its body stretched over `seconds` (default 5).
    - `not_json`: 200 with an HTML page, as a proxy in between would answer.
    - `wrong_json`: the model's text is no JSON. `wrong_schema`: JSON, but not of the schema.
    - `refusal`, `length`, `content_filter`: the model declines, is cut off, or its answer is
      withheld (OpenAI).
    - `error`: one of the provider's known errors by its name in `code`; the names and what each
      answers are in `provider_errors.py`. `retryAfter` as above.
    - `run_failed`: 200 with `status: "failed"`; `run_queued`, `run_in_progress`, `run_cancelled`,
      `run_requires_action`: 200 with that status and no answer (Perplexity).
    - `no_sources`: no `search_results` item; `unknown_items`: output items of types that no
      client knows, before and behind the others (Perplexity).
    - `pay_…`: a figure of pay that its cited page does not state: other numbers, a date or a sample
      that the page lacks, another region's numbers, another currency, another page (Perplexity).
    - `target_status`: 200, and the scraped page had answered `status`; `no_json`: 200 without
      `json`, with a warning; `unsuccessful`: 200 with `success: false` (Firecrawl).

    `shouldRetry` is sent as `x-should-retry` with a `status` or an `error` (OpenAI).
    """

    kind: FaultKind
    times: int = Field(default=1, ge=1, le=1_000_000)
    status: int | None = Field(default=None, ge=400, le=599)
    code: str | None = Field(default=None, max_length=64)
    retry_after: float | None = Field(default=None, ge=0, le=3600)
    retry_after_date: bool = False
    seconds: float | None = Field(default=None, ge=0, le=3600)
    should_retry: bool | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind in _WITH_STATUS) != (self.status is not None):
            raise ValueError("`status` belongs to `status` and `target_status`, and only there")
        if self.kind == "error" and self.code is None:
            raise ValueError("`error` needs the error's name in `code`")
        return self


class FaultScript(ApiModel):
    """The steps of a route, taken call by call.

    Without `forSeconds` the script ends after its last step; with it, it starts over until that
    time has passed.
    """

    route: RouteName
    script: tuple[FaultStep, ...] = Field(min_length=1, max_length=100)
    for_seconds: float | None = Field(default=None, gt=0, le=86_400)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for step in self.script:
            if step.kind not in KINDS[self.route]:
                raise ValueError(f"`{step.kind}` cannot happen on {self.route}")
            names = PROVIDER_ERRORS[provider_of(self.route)]
            if step.kind == "error" and step.code not in names:
                raise ValueError(f"errors of {self.route} are {', '.join(names)}")
        return self


@dataclass(slots=True)
class _Running:
    script: FaultScript
    ends: float | None
    index: int = 0
    used: int = 0


class FaultBook:
    """The scripts in force, at most one a route."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: dict[RouteName, _Running] = {}

    def put(self, script: FaultScript) -> None:
        """Start a script; it replaces the route's former one."""
        ends = None
        if script.for_seconds is not None:
            ends = self._clock.monotonic() + script.for_seconds
        self._running[script.route] = _Running(script, ends)

    def clear(self) -> None:
        """End all scripts."""
        self._running.clear()

    def routes(self) -> tuple[RouteName, ...]:
        """The routes with a script in force."""
        return tuple(route for route in tuple(self._running) if self._current(route))

    def take(self, route: RouteName) -> FaultStep | None:
        """The fault of the next call on `route`; None when it is to go well."""
        running = self._current(route)
        if running is None:
            return None
        step = running.script.script[running.index]
        running.used += 1
        if running.used == step.times:
            running.index, running.used = running.index + 1, 0
        if running.index == len(running.script.script):
            running.index = 0
            if running.ends is None:
                del self._running[route]
        return None if step.kind == "none" else step

    def _current(self, route: RouteName) -> _Running | None:
        running = self._running.get(route)
        if running is None:
            return None
        if running.ends is not None and self._clock.monotonic() >= running.ends:
            del self._running[route]
            return None
        return running

"""The models that are played: what each accepts, and what it refuses as its like does."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

FormatType = Literal["text", "json_object", "json_schema"]

#: Families of names that are answered to without being listed.
_FAMILIES: Final = ("gpt-", "chatgpt-", "o1", "o3", "o4")
_ALL: Final[frozenset[FormatType]] = frozenset({"text", "json_object", "json_schema"})
#: Hidden tokens by effort; made up, but of the usual order.
REASONING_TOKENS: Final = {
    "none": 0,
    "minimal": 16,
    "low": 64,
    "medium": 256,
    "high": 1024,
    "xhigh": 4096,
}


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """One model.

    Attributes:
        formats: of `response_format` that are accepted; others are refused with 400.
        reasons: hidden reasoning tokens count as output; `max_tokens` and `temperature` are
            refused with 400.
        has_responses: whether `/responses` knows it.
        ignores_format: takes a schema and answers in prose with fenced JSON all the same, and
            without `usage`.
        context_tokens: of the prompt; more is `context_length_exceeded`.
        most_output_tokens: the largest limit that may be asked for.
        ends: shut down on that day, or so many days from now; in the past: `model_not_found`.
    """

    id: str
    created: int = 1_780_000_000
    owner: str = "sandbox"
    formats: frozenset[FormatType] = _ALL
    reasons: bool = False
    has_responses: bool = True
    ignores_format: bool = False
    context_tokens: int = 1_000_000
    most_output_tokens: int = 32_768
    ends: date | int | None = field(default=None)

    def shutdown(self, now: datetime) -> date | None:
        """The day on which it ends."""
        if isinstance(self.ends, int):
            return now.astimezone(UTC).date() + timedelta(days=self.ends)
        return self.ends

    def to_json(self, now: datetime, *, with_end: bool) -> dict[str, Any]:
        """Its entry in `/models`; compatible servers have no `shutdown_date`."""
        entry: dict[str, Any] = {
            "id": self.id,
            "object": "model",
            "created": self.created,
            "owned_by": self.owner,
        }
        if with_end:
            ends = self.shutdown(now)
            entry["shutdown_date"] = ends.isoformat() if ends else None
        return entry


#: What `/models` lists. Dates of the first two: OpenAI's deprecations page.
MODELS: Final[dict[str, ModelProfile]] = {
    profile.id: profile
    for profile in (
        ModelProfile("gpt-4.1-mini", 1_744_318_173, "system", ends=date(2027, 1, 14)),
        ModelProfile("gpt-6-luna", owner="system", reasons=True, most_output_tokens=128_000),
        ModelProfile(
            "sandbox-json", formats=frozenset({"text", "json_object"}), has_responses=False
        ),
        ModelProfile("sandbox-text", formats=frozenset({"text"}), has_responses=False),
        ModelProfile("sandbox-lax", ignores_format=True, has_responses=False),
        ModelProfile("sandbox-small", context_tokens=512, most_output_tokens=1024),
        ModelProfile("sandbox-ending", ends=30),
        ModelProfile("sandbox-ended", ends=-1),
    )
}


def profile_of(model: str, now: datetime) -> ModelProfile | None:
    """How a model behaves; None: there is none of that name, or no longer."""
    found = MODELS.get(model)
    if found is None and model.startswith(_FAMILIES):
        found = ModelProfile(model)
    if found is None:
        return None
    ends = found.shutdown(now)
    return None if ends is not None and ends <= now.astimezone(UTC).date() else found

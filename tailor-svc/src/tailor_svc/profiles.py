"""What is known of each model, read from `profiles.toml`."""

import tomllib
from datetime import date
from fnmatch import fnmatchcase
from importlib import resources
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from resume_contracts.costs import micro_usd

TokenParameter = Literal["max_tokens", "max_completion_tokens"]

#: Tokens that must remain for the prompt and its data beside the answer.
_LEAST_INPUT: Final = 4_000
_MILLION: Final = 1_000_000


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(_Data):
    """USD per million tokens; `cached` are input tokens that the provider had in its cache."""

    input: float = Field(ge=0)
    cached: float = Field(ge=0)
    output: float = Field(ge=0)


class Profile(_Data):
    """One model's limits in tokens, the parameters it takes and its price, as far as known."""

    context: int = Field(gt=0)
    answer: int = Field(gt=0)
    token_parameter: TokenParameter
    temperature: float | None = Field(default=None, ge=0, le=2)
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | None = None
    price: Price | None = None
    shutdown_date: date | None = None

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        if self.input_tokens < _LEAST_INPUT:
            raise ValueError(f"`context` must exceed `answer` by {_LEAST_INPUT}")
        return self

    @property
    def input_tokens(self) -> int:
        """What remains for the prompt."""
        return self.context - self.answer

    def cost(self, *, input_tokens: int, cached_tokens: int, output_tokens: int) -> float | None:
        """USD; None when the price is unknown. `input_tokens` include the cached ones."""
        if self.price is None:
            return None
        fresh = max(0, input_tokens - cached_tokens)
        cached = input_tokens - fresh
        return (
            fresh * self.price.input
            + cached * self.price.cached
            + output_tokens * self.price.output
        ) / _MILLION

    def most(self, input_tokens: int) -> int | None:
        """Micro-USD that a call costs at most: nothing cached, the longest answer."""
        cost = self.cost(input_tokens=input_tokens, cached_tokens=0, output_tokens=self.answer)
        return None if cost is None else micro_usd(cost)


class _Model(Profile):
    match: str = Field(min_length=1)


class Profiles(_Data):
    """All of them, in the order in which they are looked through."""

    default: Profile
    model: tuple[_Model, ...]

    def of(self, model: str) -> Profile:
        """The profile of a model, by its name without a vendor's prefix (`vendor/name`)."""
        name = model.rpartition("/")[2].lower()
        return next((p for p in self.model if fnmatchcase(name, p.match)), self.default)


def load_profiles() -> Profiles:
    """The profiles of the package."""
    text = resources.files("tailor_svc").joinpath("profiles.toml").read_text("utf-8")
    return Profiles.model_validate(tomllib.loads(text))

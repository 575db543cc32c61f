"""The form of a request that an endpoint understands, learnt from what it refuses.

Servers that speak OpenAI's chat completions differ in three things: whether they hold a model to a
JSON schema, to JSON, or to nothing; how the limit of the answer is called; which options they know.
A refused request costs nothing, so the first real one is the probe.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from tailor_svc.profiles import Profile, TokenParameter

#: What was learnt is forgotten after this many seconds: servers are upgraded.
REMEMBERED_S: Final = 3600.0

_FORMAT: Final = re.compile(
    r"response_format|json_schema|json_object|structured output", re.IGNORECASE
)
#: A prompt that is too long is refused with words on all kinds of limits.
_NEVER_ABOUT_THE_FORM: Final = frozenset({"context_length_exceeded", "content_filter"})
_OTHER_NAME: Final[dict[TokenParameter, TokenParameter]] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}


class Mode(StrEnum):
    """How the model is held to the form of its answer, the strictest first."""

    SCHEMA = "schema"
    JSON = "json"
    TEXT = "text"


_LESS: Final = {Mode.SCHEMA: Mode.JSON, Mode.JSON: Mode.TEXT}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A 400 or 422: which parameter it names, its code and its message. Never logged."""

    param: str
    code: str
    message: str

    def is_about(self, name: str) -> bool:
        """Whether it names the parameter, or words it when it names none."""
        return self.param == name or (not self.param and name in self.message)


@dataclass(frozen=True, slots=True)
class Shape:
    """Mode, the limit's name, and the options that are sent."""

    mode: Mode
    token_parameter: TokenParameter
    options: tuple[tuple[str, Any], ...]
    is_renamed: bool = False

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """What the profile promises."""
        # OpenAI keeps the answers of new accounts unless it is told not to.
        options: dict[str, Any] = {"store": False}
        if profile.temperature is not None:
            options["temperature"] = profile.temperature
        if profile.reasoning_effort is not None:
            options["reasoning_effort"] = profile.reasoning_effort
        return cls(Mode.SCHEMA, profile.token_parameter, tuple(options.items()))

    def unenforced(self) -> Self:
        """For an endpoint that takes a schema and lets the model break it: shown in the prompt."""
        return replace(self, mode=Mode.JSON) if self.mode is Mode.SCHEMA else self

    def without(self, complaint: Complaint) -> "Shape | None":
        """A shape without what is complained of; None when the form is not what is wrong."""
        if complaint.code in _NEVER_ABOUT_THE_FORM:
            return None
        if _FORMAT.search(complaint.param or complaint.message):
            less = _LESS.get(self.mode)
            return replace(self, mode=less) if less else None
        for option in self.options:
            if complaint.is_about(option[0]):
                return replace(self, options=tuple(o for o in self.options if o != option))
        if complaint.is_about(self.token_parameter) and not self.is_renamed:
            other = _OTHER_NAME[self.token_parameter]
            return replace(self, token_parameter=other, is_renamed=True)
        return None


class LearntShape:
    """What one endpoint understands, in this process, for `REMEMBERED_S`."""

    def __init__(self, profile: Profile, monotonic: Callable[[], float]) -> None:
        self._usual = Shape.of(profile)
        self._monotonic = monotonic
        self._learnt: tuple[Shape, float] | None = None

    @property
    def current(self) -> Shape:
        """The shape to ask in."""
        if self._learnt is None:
            return self._usual
        shape, until = self._learnt
        return shape if self._monotonic() < until else self._usual

    def learn(self, shape: Shape) -> None:
        """Ask in this shape from now on; it was answered."""
        if shape != self.current:
            self._learnt = (shape, self._monotonic() + REMEMBERED_S)

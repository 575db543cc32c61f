"""What a model can be asked for: a prompt, and the form that its answer must have."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class Form(Generic[A]):
    """One kind of question.

    Attributes:
        prompt: the versioned name of its instructions (see `prompts`).
        answer: the answer's model. Strict structured output wants every field required and no
            others allowed.
        worth: what of an answer is made use of, and so kept; None when it says nothing.
    """

    prompt: str
    answer: type[A]
    worth: Callable[[A], A | None]

    @property
    def name(self) -> str:
        """What the answer is called on the wire."""
        return self.answer.__name__

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the answer."""
        return self.answer.model_json_schema()

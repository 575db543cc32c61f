"""OpenAI's chat completions as far as we use them: what is sent and what is read.

Source: OpenAI's API reference, chat completions. Answers are read by our own models, since the SDK
does not check what compatible endpoints send.
"""

import json
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tailor_svc import prompts
from tailor_svc.form import A, Form
from tailor_svc.shape import Mode, Shape

#: No answer of ours is longer; what is, is no answer to search for JSON in.
_LONGEST_TEXT: Final = 128 * 1024
_MOST_BRACES: Final = 20


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Message(_Read):
    """The model's text, or why it gives none."""

    content: str | None = None
    refusal: str | None = None


class Choice(_Read):
    """One answer. `finish_reason`: stop, length, content_filter, and what others invent."""

    message: Message
    finish_reason: str | None = None


class _Details(_Read):
    cached_tokens: int | None = Field(default=None, ge=0)


class TokenUsage(_Read):
    """What was used; compatible endpoints leave out what they like."""

    prompt_tokens: int | None = Field(default=None, ge=0)
    completion_tokens: int | None = Field(default=None, ge=0)
    prompt_tokens_details: _Details | None = None

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompt that were in the provider's cache."""
        details = self.prompt_tokens_details
        return (details.cached_tokens or 0) if details is not None else 0


class Completion(_Read):
    """A chat completion."""

    choices: tuple[Choice, ...] = Field(min_length=1)
    usage: TokenUsage | None = None


class ListedModel(_Read):
    """A model of `GET /models`; only OpenAI says when it is shut down."""

    id: str
    shutdown_date: date | None = None


class ModelList(_Read):
    """The answer to `GET /models`."""

    data: tuple[ListedModel, ...]


def request_body(
    model: str, form: Form[Any], question: str, shape: Shape, answer_tokens: int
) -> dict[str, Any]:
    """The parameters of one request."""
    system = prompts.load(form.prompt)
    body: dict[str, Any] = {"model": model, shape.token_parameter: answer_tokens}
    if shape.mode is not Mode.SCHEMA:
        schema = json.dumps(form.schema)
        system = f"{system}\n{prompts.load(prompts.ANSWER_JSON)}\n```json\n{schema}\n```\n"
    if (response_format := _response_format(form, shape.mode)) is not None:
        body["response_format"] = response_format
    body["messages"] = [
        {"role": "system", "content": system},
        {"role": "user", "content": question},
    ]
    return body | dict(shape.options)


def _response_format(form: Form[Any], mode: Mode) -> dict[str, Any] | None:
    match mode:
        case Mode.SCHEMA:
            schema = {"name": form.name, "strict": True, "schema": form.schema}
            return {"type": "json_schema", "json_schema": schema}
        case Mode.JSON:
            return {"type": "json_object"}
        case Mode.TEXT:
            return None


def read_answer(form: Form[A], text: str, mode: Mode) -> A:
    """The answer in a model's text: the whole of it, or in plain mode its first JSON object.

    Raises:
        ValueError: there is none in the agreed form.
    """
    if mode is Mode.TEXT:
        return form.answer.model_validate_json(_first_object(text), strict=True)
    try:
        return form.answer.model_validate_json(text, strict=True)
    except ValidationError:
        # Servers that ignore the format without saying so answer as in plain mode.
        return form.answer.model_validate_json(_first_object(text), strict=True)


def _first_object(text: str) -> str:
    """The first JSON object of a text with words around it."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError("the text is too long")
    decoder, at = json.JSONDecoder(), -1
    for _ in range(_MOST_BRACES):
        at = text.find("{", at + 1)
        if at < 0:
            break
        try:
            found, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(found, dict):
            return text[at:end]
    raise ValueError("there is no JSON object")

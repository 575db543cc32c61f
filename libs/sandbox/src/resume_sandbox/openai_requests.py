"""Reading OpenAI's two request forms, as strictly as OpenAI does.

Source: platform.openai.com API reference (chat completions, responses).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resume_sandbox.model_profiles import REASONING_TOKENS, FormatType, ModelProfile, profile_of
from resume_sandbox.strict_schema import OpenAIRequestError, check_strict
from resume_sandbox.tokens import count_tokens

RequestT = TypeVar("RequestT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the model, whichever endpoint it came by.

    Attributes:
        texts: of all messages, in order.
        output_schema: the JSON schema of the answer; None: plain text, or any JSON object.
        json_object: the answer is to be some JSON object.
        max_tokens: where the answer is cut off, hidden reasoning included.
        effort: how hard a reasoning model is to think.
    """

    profile: ModelProfile
    texts: tuple[str, ...]
    output_schema: dict[str, Any] | None
    json_object: bool
    max_tokens: int | None
    effort: str = "medium"

    @property
    def model(self) -> str:
        """The model's name."""
        return self.profile.id


class _Wire(BaseModel):
    """Unknown fields are left alone: the API has dozens that do not matter here."""

    model_config = ConfigDict(extra="ignore")


class _Part(_Wire):
    type: str
    text: str = ""


class _Message(_Wire):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class _Schema(_Wire):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    strict: bool | None = None
    json_schema: dict[str, Any] = Field(alias="schema")


class _ChatFormat(_Wire):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _Schema | None = None


class _ChatRequest(_Wire):
    model: str
    messages: list[_Message] = Field(min_length=1)
    response_format: _ChatFormat | None = None
    max_completion_tokens: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    reasoning_effort: str | None = None
    stream: bool | None = None
    n: int | None = Field(default=None, ge=1, le=1)


class _TextFormat(_Wire):
    type: Literal["text", "json_object", "json_schema"]
    name: str = Field(default="schema", pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    strict: bool | None = None
    json_schema: dict[str, Any] | None = Field(default=None, alias="schema")


class _Text(_Wire):
    format: _TextFormat | None = None


class _Reasoning(_Wire):
    effort: str | None = None


class _ResponsesRequest(_Wire):
    model: str
    input: str | list[_Message]
    instructions: str | None = None
    text: _Text | None = None
    max_output_tokens: int | None = Field(default=None, ge=16)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    reasoning: _Reasoning | None = None
    stream: bool | None = None


def read_chat(body: bytes, now: datetime) -> Ask:
    """Read a body of `POST /chat/completions`.

    Raises:
        OpenAIRequestError: OpenAI would refuse it.
    """
    request = _read(_ChatRequest, body)
    _refuse_stream(request.stream)
    profile = known_model(request.model, now)
    form = request.response_format
    schema = None
    if form is not None and form.type == "json_schema":
        if form.json_schema is None:
            raise _missing("response_format.json_schema")
        schema = form.json_schema.json_schema
        if form.json_schema.strict and "json_schema" in profile.formats:
            check_strict(schema, form.json_schema.name, param="response_format")
    if request.max_tokens is not None and profile.reasons:
        raise _unsupported("max_tokens", "Use 'max_completion_tokens' instead.")
    ask = Ask(
        profile=profile,
        texts=tuple(message.text for message in request.messages),
        output_schema=schema,
        json_object=form is not None and form.type == "json_object",
        max_tokens=request.max_completion_tokens or request.max_tokens,
        effort=request.reasoning_effort or "medium",
    )
    _check_sampling(profile, request.temperature, request.top_p)
    _check_effort(profile, request.reasoning_effort)
    _check(ask, form.type if form else "text", "response_format")
    return ask


def read_responses(body: bytes, now: datetime) -> Ask:
    """Read a body of `POST /responses`.

    Raises:
        OpenAIRequestError: OpenAI would refuse it.
    """
    request = _read(_ResponsesRequest, body)
    _refuse_stream(request.stream)
    profile = known_model(request.model, now)
    given = request.input
    texts = [given] if isinstance(given, str) else [message.text for message in given]
    if request.instructions is not None:
        texts.insert(0, request.instructions)
    form = request.text.format if request.text is not None else None
    schema = None
    if form is not None and form.type == "json_schema":
        schema = form.json_schema
        if schema is None:
            raise _missing("text.format.schema")
        if form.strict:
            check_strict(schema, form.name, param="text.format.schema")
    effort = request.reasoning.effort if request.reasoning else None
    ask = Ask(
        profile=profile,
        texts=tuple(texts),
        output_schema=schema,
        json_object=form is not None and form.type == "json_object",
        max_tokens=request.max_output_tokens,
        effort=effort or "medium",
    )
    _check_sampling(profile, request.temperature, request.top_p)
    _check_effort(profile, effort)
    _check(ask, form.type if form else "text", "text.format")
    return ask


def known_model(model: str, now: datetime) -> ModelProfile:
    """The profile of a model.

    Raises:
        OpenAIRequestError: 404, there is no such model (any longer).
    """
    profile = profile_of(model, now)
    if profile is None:
        raise OpenAIRequestError(
            404, "The model does not exist or you do not have access to it.", param="model"
        )
    return profile


def _read(kind: type[RequestT], body: bytes) -> RequestT:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        what = "We could not parse the JSON body of your request." if not where else problem["msg"]
        raise OpenAIRequestError(400, what, param=where or None) from None


def _check(ask: Ask, form: FormatType, param: str) -> None:
    """Refuse what the model does not take, as OpenAI words it."""
    profile = ask.profile
    if form not in profile.formats:
        message = f"Invalid parameter: '{param}' of type '{form}' is not supported with this model."
        raise OpenAIRequestError(400, message, param=param)
    says_json = any("json" in text.lower() for text in ask.texts)
    if form == "json_object" and profile.owner == "system" and not says_json:
        message = f"The messages must contain the word 'json' to use '{param}' 'json_object'."
        raise OpenAIRequestError(400, message, param="messages")
    if ask.max_tokens is not None and ask.max_tokens > profile.most_output_tokens:
        most = profile.most_output_tokens
        message = f"The limit is too large: this model supports at most {most} completion tokens."
        raise OpenAIRequestError(400, message, param="max_tokens")
    if sum(count_tokens(text) for text in ask.texts) > profile.context_tokens:
        most = profile.context_tokens
        message = f"This model's maximum context length is {most} tokens."
        raise OpenAIRequestError(400, message, code="context_length_exceeded", param="messages")


def _check_sampling(profile: ModelProfile, temperature: float | None, top_p: float | None) -> None:
    for name, value in (("temperature", temperature), ("top_p", top_p)):
        if profile.reasons and value not in {None, 1.0}:
            message = f"Unsupported value: '{name}' must be the default (1) with this model."
            raise OpenAIRequestError(400, message, code="unsupported_value", param=name)


def _check_effort(profile: ModelProfile, effort: str | None) -> None:
    if effort is not None and not profile.reasons:
        raise _unsupported("reasoning_effort", "The model does not reason.")
    if effort is not None and effort not in REASONING_TOKENS:
        message = "Unsupported value of 'reasoning_effort'."
        raise OpenAIRequestError(400, message, code="unsupported_value", param="reasoning_effort")


def _unsupported(param: str, hint: str) -> OpenAIRequestError:
    message = f"Unsupported parameter: '{param}' is not supported with this model. {hint}"
    return OpenAIRequestError(400, message, code="unsupported_parameter", param=param)


def _refuse_stream(stream: bool | None) -> None:  # noqa: FBT001  a field of the wire
    if stream:
        raise OpenAIRequestError(400, "The sandbox does not stream.", param="stream")


def _missing(param: str) -> OpenAIRequestError:
    return OpenAIRequestError(400, f"Missing required parameter: '{param}'.", param=param)

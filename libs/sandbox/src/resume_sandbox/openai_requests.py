"""Reading OpenAI's two request forms, as strictly as OpenAI does.

Sources: platform.openai.com API reference (chat completions, responses) and the guide to
structured outputs for what a strict schema must look like.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

#: Families of model names that are answered to; others are `model_not_found`.
_FAMILIES: Final = ("gpt-", "chatgpt-", "o1", "o3", "o4")

RequestT = TypeVar("RequestT", bound=BaseModel)


class OpenAIRequestError(Exception):
    """A request that OpenAI would refuse; `message` names fields, never contents."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the model, whichever endpoint it came by.

    Attributes:
        texts: of all messages, in order.
        output_schema: the JSON schema of the answer; None: plain text, or any JSON object.
        json_object: the answer is to be some JSON object.
        max_tokens: where the answer is cut off.
    """

    model: str
    texts: tuple[str, ...]
    output_schema: dict[str, Any] | None
    json_object: bool
    max_tokens: int | None


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
    stream: bool | None = None
    n: int | None = Field(default=None, ge=1, le=1)


class _TextFormat(_Wire):
    type: Literal["text", "json_object", "json_schema"]
    name: str = Field(default="schema", pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    strict: bool | None = None
    json_schema: dict[str, Any] | None = Field(default=None, alias="schema")


class _Text(_Wire):
    format: _TextFormat | None = None


class _ResponsesRequest(_Wire):
    model: str
    input: str | list[_Message]
    instructions: str | None = None
    text: _Text | None = None
    max_output_tokens: int | None = Field(default=None, ge=16)
    stream: bool | None = None


def read_chat(body: bytes) -> Ask:
    """Read a body of `POST /chat/completions`.

    Raises:
        OpenAIRequestError: OpenAI would refuse it.
    """
    request = _read(_ChatRequest, body)
    _refuse_stream(request.stream)
    form = request.response_format
    schema = None
    if form is not None and form.type == "json_schema":
        if form.json_schema is None:
            raise _missing("response_format.json_schema")
        schema = form.json_schema.json_schema
        if form.json_schema.strict:
            check_strict(schema, form.json_schema.name, param="response_format")
    return Ask(
        model=_known(request.model),
        texts=tuple(message.text for message in request.messages),
        output_schema=schema,
        json_object=form is not None and form.type == "json_object",
        max_tokens=request.max_completion_tokens or request.max_tokens,
    )


def read_responses(body: bytes) -> Ask:
    """Read a body of `POST /responses`.

    Raises:
        OpenAIRequestError: OpenAI would refuse it.
    """
    request = _read(_ResponsesRequest, body)
    _refuse_stream(request.stream)
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
    return Ask(
        model=_known(request.model),
        texts=tuple(texts),
        output_schema=schema,
        json_object=form is not None and form.type == "json_object",
        max_tokens=request.max_output_tokens,
    )


def check_strict(schema: dict[str, Any], name: str, *, param: str) -> None:
    """Refuse a schema that strict structured output does not take.

    Raises:
        OpenAIRequestError: the root is no object, or an object leaves properties optional or
            allows others.
    """
    if schema.get("type") != "object":
        raise _bad_schema(name, "the root must be an object", param)
    _check_objects(schema, name, param)


def _check_objects(node: Any, name: str, param: str) -> None:
    if isinstance(node, list):
        for child in node:
            _check_objects(child, name, param)
    if not isinstance(node, dict):
        return
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            raise _bad_schema(name, "'additionalProperties' must be false", param)
        if set(node.get("required", ())) != set(node.get("properties", {})):
            raise _bad_schema(name, "'required' must name every property", param)
    for key, child in node.items():
        # `properties` and `$defs` are maps of schemas, whatever their keys are called.
        children = list(child.values()) if key in {"properties", "$defs"} else child
        _check_objects(children, name, param)


def _read(kind: type[RequestT], body: bytes) -> RequestT:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        what = "We could not parse the JSON body of your request." if not where else problem["msg"]
        raise OpenAIRequestError(400, what, param=where or None) from None


def _known(model: str) -> str:
    if not model.startswith(_FAMILIES):
        raise OpenAIRequestError(
            404, "The model does not exist or you do not have access to it.", param="model"
        )
    return model


def _refuse_stream(stream: bool | None) -> None:  # noqa: FBT001  a field of the wire
    if stream:
        raise OpenAIRequestError(400, "The sandbox does not stream.", param="stream")


def _missing(param: str) -> OpenAIRequestError:
    return OpenAIRequestError(400, f"Missing required parameter: '{param}'.", param=param)


def _bad_schema(name: str, what: str, param: str) -> OpenAIRequestError:
    return OpenAIRequestError(400, f"Invalid schema for '{name}': {what}.", param=param)

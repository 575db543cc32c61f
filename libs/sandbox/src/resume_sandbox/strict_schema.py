"""What strict structured output does not take. Source: OpenAI's guide to structured outputs."""

from typing import Any


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


def _bad_schema(name: str, what: str, param: str) -> OpenAIRequestError:
    return OpenAIRequestError(400, f"Invalid schema for '{name}': {what}.", param=param)

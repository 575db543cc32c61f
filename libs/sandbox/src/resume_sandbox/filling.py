"""Filling a JSON schema: a minimal instance, its values from a source."""

import math
from collections.abc import Sequence
from typing import Any, Final, Protocol, Self

_DEEPEST: Final = 8
_FORMATS: Final = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "PT0S",
    "email": "nobody@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}


class Source(Protocol):
    """Where values come from; `name` is the property that is being filled."""

    def text(self, name: str) -> str:
        """A string."""

    def flag(self, name: str) -> bool:
        """A boolean."""

    def number(self, name: str) -> float:
        """A number."""

    def items(self, name: str) -> Sequence["Source"]:
        """What the items of an array are filled from."""

    def knows(self, name: str) -> bool:
        """Whether there is anything to fill in; if not, null is written where it is allowed."""


class Empty:
    """Nothing is known: empty strings and arrays, false, zero."""

    def text(self, name: str) -> str:  # noqa: ARG002  the port's signature
        """Nothing."""
        return ""

    def flag(self, name: str) -> bool:  # noqa: ARG002  the port's signature
        """No."""
        return False

    def number(self, name: str) -> float:  # noqa: ARG002  the port's signature
        """Zero."""
        return 0

    def items(self, name: str) -> Sequence[Source]:  # noqa: ARG002  the port's signature
        """None."""
        return ()

    def knows(self, name: str) -> bool:  # noqa: ARG002  the port's signature
        """An empty value counts as one."""
        return True


class Words(Empty):
    """Words of a text, a few at a time and over again."""

    _AT_ONCE: Final = 6

    def __init__(self, text: str) -> None:
        self._words = text.split()
        self._next = 0

    def text(self, name: str) -> str:  # noqa: ARG002  the port's signature
        """The next few words."""
        if self._next >= len(self._words):
            self._next = 0
        words = self._words[self._next : self._next + self._AT_ONCE]
        self._next += self._AT_ONCE
        return " ".join(words)

    def items(self, name: str) -> Sequence[Self]:  # noqa: ARG002  the port's signature
        """One item, of the following words."""
        return (self,)


def fill(schema: dict[str, Any], source: Source) -> Any:
    """A valid instance of a schema.

    Covers what strict structured output allows: objects, arrays, strings, numbers, booleans,
    null, `enum`, `const`, `anyOf`, `$ref` and the bounds of lengths and values; not `pattern`.
    """
    return _Filler(schema, source).fill()


class _Filler:
    def __init__(self, schema: dict[str, Any], source: Source) -> None:
        self._root = schema
        self._source = source

    def fill(self) -> Any:
        return self._value(self._root, self._source, "", 0)

    def _value(self, schema: dict[str, Any], source: Source, name: str, depth: int) -> Any:
        schema = resolve(schema, self._root)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if options := schema.get("anyOf") or schema.get("oneOf"):
            return self._value(self._choose(options, source, name, depth), source, name, depth)
        match self._type(schema, source, name, depth):
            case "object":
                return {
                    key: self._value(child, source, key, depth + 1)
                    for key, child in schema.get("properties", {}).items()
                }
            case "array":
                return self._array(schema, source, name, depth)
            case "string":
                return _text(schema, source.text(name))
            case "integer":
                return int(_bounded(schema, source.number(name)))
            case "number":
                return _bounded(schema, source.number(name))
            case "boolean":
                return source.flag(name)
            case _:
                return None

    def _choose(
        self, options: list[dict[str, Any]], source: Source, name: str, depth: int
    ) -> dict[str, Any]:
        """The first option that is not null; null where nothing is known, or without end."""
        null = [o for o in options if resolve(o, self._root).get("type") == "null"]
        some = [o for o in options if o not in null]
        is_object = bool(some) and resolve(some[0], self._root).get("type") == "object"
        unknown = not is_object and not source.knows(name)
        return null[0] if null and (depth > _DEEPEST or not some or unknown) else some[0]

    def _type(self, schema: dict[str, Any], source: Source, name: str, depth: int) -> str:
        types = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(types, str):
            return types
        if "null" in types and (depth > _DEEPEST or not source.knows(name)):
            return "null"
        return next((t for t in types if t != "null"), "null")

    def _array(self, schema: dict[str, Any], source: Source, name: str, depth: int) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        sources = list(source.items(name)) if depth <= _DEEPEST else []
        sources += [Empty()] * (least - len(sources))
        return [
            self._value(schema.get("items", {}), item, name, depth + 1) for item in sources[:most]
        ]


def resolve(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref` within the document; `#/$defs/Name` and `#`."""
    while (ref := schema.get("$ref")) is not None:
        target: Any = root
        for part in ref.removeprefix("#").strip("/").split("/"):
            target = target[part] if part else target
        schema = target
    return schema


def _text(schema: dict[str, Any], text: str) -> str:
    if (known := _FORMATS.get(schema.get("format", ""))) is not None:
        return known
    text = text.ljust(schema.get("minLength", 0), "-")
    return text[: schema.get("maxLength")]


def _bounded(schema: dict[str, Any], number: float) -> float:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf) + 1)
    high = schema.get("maximum", schema.get("exclusiveMaximum", math.inf) - 1)
    return float(min(max(number, low), high))

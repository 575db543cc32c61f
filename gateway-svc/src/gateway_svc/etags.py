"""Versions as `ETag`, and `If-Match`, which guards against another tab."""

from typing import Annotated, Final

from fastapi import Header

IfMatch = Annotated[str | None, Header()]

_MAX_DIGITS: Final = 18


def etag(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


def version_number(digits: str) -> int | None:
    """A version as it was written; None for what can be none of ours."""
    return int(digits) if digits.isdecimal() and len(digits) <= _MAX_DIGITS else None


def expected_version(tag: str | None) -> int | None:
    """The version a client expects; None when any will do, -1 when the tag is none of ours."""
    if tag is None or tag.strip() == "*":
        return None
    version = version_number(tag.strip().removeprefix("W/").strip('"'))
    return -1 if version is None else version

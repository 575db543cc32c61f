"""How errors look in the published document: RFC 9457 problems, not the framework's own form."""

from typing import Any

from fastapi import FastAPI
from pydantic import Field

from resume_runtime.schemas import ApiModel

_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

#: For every route: the errors a client must expect.
RESPONSES: dict[int | str, dict[str, Any]] = {
    422: {"description": "The request is invalid; see `errors`.", "content": _CONTENT},
    "default": {"description": "A problem with a stable `code`.", "content": _CONTENT},
}

#: What the framework would publish for its own form of a 422.
_REPLACED = ("HTTPValidationError", "ValidationError")


class Problem(ApiModel):
    """An error (RFC 9457). Act on `code`; `retryable` says whether the same request may succeed."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str | None = None
    instance: str
    code: str
    retryable: bool
    correlation_id: str | None = None
    errors: list[Any] | None = Field(default=None, description="What is wrong, by place.")


def publish_problems(app: FastAPI) -> None:
    """Have the app's OpenAPI document describe problems."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(by_alias=True)
        for name in _REPLACED:
            schemas.pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's own way to extend it

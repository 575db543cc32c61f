"""Error answers in each provider's own shape."""

import math
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from resume_sandbox.provider_errors import PROVIDER_ERRORS, ErrorRow
from resume_sandbox.routes import OPENAI_LIKE, Provider

#: (type, code) by status; OpenAI's guide to error codes. Perplexity's bodies have the same form.
_ERRORS: Final[dict[int, tuple[str, str | None]]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", None),
    404: ("invalid_request_error", "model_not_found"),
    422: ("invalid_request_error", None),
    429: ("requests", "rate_limit_exceeded"),
}


def error_answer(
    provider: Provider,
    status: int,
    *,
    code: str | None = None,
    retry_after: float | None = None,
    retry_at: datetime | None = None,
    message: str | None = None,
    param: str | None = None,
) -> Response:
    """An error of a status as the provider words it; `retry_after` in seconds, absent when None.

    `retry_at`: the moment instead, sent as an HTTP date and nothing else.
    """
    kind, usual = _ERRORS.get(status, ("server_error", None))
    if provider == "firecrawl":
        usual = None
    if code == "insufficient_quota":
        kind = code
    row = ErrorRow(status, message or _phrase(status), kind, code or usual)
    return _answer(provider, row, retry_after, param, retry_at)


def named_error(provider: Provider, name: str, *, retry_after: float | None = None) -> Response:
    """One of the provider's known errors; `retry_after` as in `error_answer`."""
    return _answer(provider, PROVIDER_ERRORS[provider][name], retry_after, None)


def proxy_page() -> Response:
    """200 with HTML where JSON is due: a proxy's or captive portal's doing."""
    return HTMLResponse("<!doctype html><title>Gateway</title><p>Please wait.</p>")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _answer(
    provider: Provider,
    row: ErrorRow,
    retry_after: float | None,
    param: str | None,
    retry_at: datetime | None = None,
) -> Response:
    headers = {}
    if retry_at is not None:
        headers["retry-after"] = format_datetime(retry_at, usegmt=True)
    elif retry_after is not None:
        headers["retry-after"] = str(math.ceil(retry_after))
        if provider in OPENAI_LIKE:
            headers["retry-after-ms"] = str(math.ceil(retry_after * 1000))
    match provider:
        case "careers":
            text = f"{row.status} {row.message}"
            page = f"<!doctype html><title>{row.status}</title><h1>{text}</h1>"
            return HTMLResponse(page, row.status, headers)
        case "ashby":
            return PlainTextResponse(row.message, row.status, headers)
        case _:
            return JSONResponse(_body(provider, row, param), row.status, headers)


def _body(provider: Provider, row: ErrorRow, param: str | None) -> dict[str, Any]:
    match provider:
        case "firecrawl":
            body: dict[str, Any] = {"success": False, "error": row.message}
            if row.code is not None:
                body["code"] = row.code
            if row.details is not None:
                body["details"] = row.details
            return body | (row.more or {})
        case "greenhouse":
            return {"status": row.status, "error": row.message}
        case "lever":
            return {"ok": False, "error": row.message}
    error: dict[str, Any] = {"message": row.message, "type": row.kind, "code": row.code}
    if provider in OPENAI_LIKE:
        error["param"] = param
    return {"error": error}

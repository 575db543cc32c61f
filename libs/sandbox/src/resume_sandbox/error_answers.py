"""Error answers in each provider's own shape."""

import math
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import HTMLResponse, JSONResponse, Response

from resume_sandbox.routes import Provider

#: (type, code) by status; OpenAI's guide to error codes. Perplexity's bodies have the same form.
_ERRORS: Final[dict[int, tuple[str, str | None]]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", None),
    404: ("invalid_request_error", "model_not_found"),
    422: ("invalid_request_error", None),
    429: ("requests", "rate_limit_exceeded"),
}
#: Codes whose type is not that of their status.
_TYPES: Final = {"insufficient_quota": "insufficient_quota", "tokens_exceeded": "tokens"}


def error_answer(
    provider: Provider,
    status: int,
    *,
    code: str | None = None,
    retry_after: float | None = None,
    message: str | None = None,
    param: str | None = None,
) -> Response:
    """An error as the provider words it; `retry_after` in seconds, absent when None."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Error"
    headers = {}
    if retry_after is not None:
        headers["retry-after"] = str(math.ceil(retry_after))
        if provider == "openai":
            headers["retry-after-ms"] = str(math.ceil(retry_after * 1000))
    if provider == "careers":
        page = f"<!doctype html><title>{status}</title><h1>{status} {phrase}</h1>"
        return HTMLResponse(page, status, headers)
    kind, usual = _ERRORS.get(status, ("server_error", None))
    body: dict[str, Any] = {
        "message": message or phrase,
        "type": _TYPES.get(code or "", kind),
        "code": code or usual,
    }
    if provider == "openai":
        body["param"] = param
    return JSONResponse({"error": body}, status, headers)


def proxy_page() -> Response:
    """200 with HTML where JSON is due: a proxy's or captive portal's doing."""
    return HTMLResponse("<!doctype html><title>Gateway</title><p>Please wait.</p>")

"""The default judgement on what httpx2, the openai SDK and the safe fetcher raise.

The SDK's errors are read by their shape (`status_code`, `response`, `code`): this package does not
import it.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2
from pydantic import ValidationError

from resume_outbound.errors import FailureKind
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.retry import retry_after_seconds, should_retry
from resume_outbound.verdict import Verdict

#: Worth another attempt: the playbook's list, 408, and what proxies in front of providers answer.
RETRIED_STATUSES = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})

#: Codes that no waiting cures, whatever the status: billing of OpenAI and its like, and users'
#: dead links that Firecrawl reports as 500.
TERMINAL_CODES = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "access_terminated",
        "SCRAPE_DNS_RESOLUTION_ERROR",
        "SCRAPE_SSL_ERROR",
        "SCRAPE_UNSUPPORTED_FILE_ERROR",
    }
)

#: Kind of failure, the exceptions that mean it, and the SDK's name for it. Order matters: httpx2's
#: protocol errors are no network errors, its timeouts are neither.
_TRANSPORT: tuple[tuple[FailureKind, tuple[type[Exception], ...], str | None], ...] = (
    ("timeout", (httpx2.TimeoutException, TimeoutError), "APITimeoutError"),
    (
        "contract",
        (httpx2.RemoteProtocolError, httpx2.DecodingError, json.JSONDecodeError),
        "APIResponseValidationError",
    ),
    ("connect", (httpx2.NetworkError, httpx2.ProxyError, ConnectionError), None),
)

_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


def classify(error: BaseException, now: datetime) -> Verdict:
    """Judge one exception; anything unknown is neutral: our own bug is not the provider's fault."""
    if isinstance(error, FetchRefusedError):
        return Verdict.neutral(retry=error.retryable)
    status = _status(error)
    if status is not None:
        return _judge_status(error, status, now)
    return _judge_transport(error)


def _judge_status(error: BaseException, status: int, now: datetime) -> Verdict:
    headers, code = _headers(error), _code(error)
    told, wait = should_retry(headers), retry_after_seconds(headers, now)
    if status < 400:  # answered, but not as agreed (the SDK's APIResponseValidationError)
        return Verdict.failure("contract", status=status)
    if code in TERMINAL_CODES:
        return Verdict.refused(status, code)
    if status == 429:
        return Verdict.refused(status, code) if told is False else Verdict.rate_limited(wait)
    if status >= 500 or status == 408 or told:
        retry = status in RETRIED_STATUSES if told is None else told
        return Verdict.failure(
            "status", status=status, retry=retry, counted=status >= 500, retry_after=wait
        )
    return Verdict.refused(status, code)


def _judge_transport(error: BaseException) -> Verdict:
    if isinstance(error, httpx2.PoolTimeout):  # our own pool is too small for our own slots
        return Verdict.neutral(retry=True)
    if isinstance(error, ValidationError):  # a poor answer of a provider that is well
        return Verdict.failure("contract", counted=False)
    names = {base.__name__ for base in type(error).__mro__}
    for kind, types, sdk_name in _TRANSPORT:
        if isinstance(error, types) or sdk_name in names:
            return Verdict.failure(kind)
    if "APIConnectionError" in names:
        cause = error.__cause__
        return Verdict.failure("connect") if cause is None else _judge_connection(cause)
    return Verdict.neutral()


def _judge_connection(cause: BaseException) -> Verdict:
    """The SDK wraps every transport error in one class; look at what it wrapped."""
    verdict = _judge_transport(cause)
    return verdict if verdict.retry else Verdict.failure("connect")


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _headers(error: BaseException) -> Mapping[str, str]:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return {str(k).lower(): str(v) for k, v in headers.items()} if headers is not None else {}


def _code(error: BaseException) -> str | None:
    """The provider's error code, only when it looks like one: never a sentence of theirs."""
    candidates = [getattr(error, "code", None), getattr(error, "type", None)]
    response = getattr(error, "response", None)
    if isinstance(error, httpx2.HTTPStatusError) and response is not None:
        candidates = _codes_in(_json(response))
    found = [c for c in candidates if isinstance(c, str) and _CODE.fullmatch(c)]
    terminal = [c for c in found if c in TERMINAL_CODES]
    return next(iter(terminal or found), None)


def _codes_in(body: Any) -> list[Any]:
    if not isinstance(body, dict):
        return []
    inner = body.get("error")
    holder = inner if isinstance(inner, dict) else body
    return [holder.get("code"), holder.get("type")]


def _json(response: httpx2.Response) -> Any:
    try:
        return response.json()
    except (ValueError, httpx2.StreamError):  # no JSON, or the body was not read
        return None

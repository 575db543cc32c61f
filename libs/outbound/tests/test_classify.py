import json
from datetime import UTC, datetime

import httpx2
import openai
import pytest
from pydantic import BaseModel, ValidationError

from resume_outbound.classify import classify
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.verdict import Verdict

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
REQUEST = httpx2.Request("POST", "https://api.example.test/v1/responses")


def http_error(
    status: int, headers: dict[str, str] | None = None, body: object = None
) -> httpx2.HTTPStatusError:
    response = httpx2.Response(status, headers=headers, json=body, request=REQUEST)
    return httpx2.HTTPStatusError("no", request=REQUEST, response=response)


def sdk_error(
    status: int, headers: dict[str, str] | None = None, error: dict[str, str] | None = None
) -> openai.APIStatusError:
    response = httpx2.Response(status, headers=headers, request=REQUEST)
    return openai.APIStatusError("no", response=response, body=error)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class Answer(BaseModel):
    title: str


def poor_answer() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Answer.model_validate({})
    return caught.value


@pytest.mark.parametrize("make", [http_error, sdk_error])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 529])
def test_classify_server_errors_count_and_are_retried(make: type, status: int) -> None:
    assert classify(make(status), NOW) == Verdict.failure("status", status=status)


@pytest.mark.parametrize("make", [http_error, sdk_error])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_classify_client_errors_are_terminal(make: type, status: int) -> None:
    verdict = classify(make(status), NOW)
    assert (verdict.judgement, verdict.retry, verdict.counted) == ("refused", False, False)


@pytest.mark.parametrize("make", [http_error, sdk_error])
def test_classify_429_pauses_without_counting(make: type) -> None:
    assert classify(make(429, {"Retry-After": "20"}), NOW) == Verdict.rate_limited(20)
    assert classify(make(429), NOW) == Verdict.rate_limited(None)
    assert not Verdict.rate_limited(20).counted


@pytest.mark.parametrize(
    "error",
    [
        sdk_error(429, error={"code": "insufficient_quota", "type": "insufficient_quota"}),
        http_error(429, body={"error": {"code": "insufficient_quota", "message": "pay"}}),
        http_error(429, body={"error": {"code": None, "type": "insufficient_quota"}}),
        http_error(500, body={"success": False, "code": "SCRAPE_DNS_RESOLUTION_ERROR"}),
    ],
)
def test_classify_terminal_codes_beat_the_status(error: Exception) -> None:
    verdict = classify(error, NOW)
    assert verdict.judgement == "refused"
    assert verdict.code in {"insufficient_quota", "SCRAPE_DNS_RESOLUTION_ERROR"}


def test_classify_obeys_should_retry() -> None:
    assert not classify(http_error(503, {"x-should-retry": "false"}), NOW).retry
    assert classify(http_error(409, {"x-should-retry": "true"}), NOW).retry
    assert classify(http_error(429, {"x-should-retry": "false"}), NOW).judgement == "refused"


def test_classify_keeps_the_wait_of_a_503() -> None:
    assert classify(http_error(503, {"retry-after": "4"}), NOW).retry_after == 4


def test_classify_408_is_retried_but_not_counted() -> None:
    verdict = classify(http_error(408), NOW)
    assert (verdict.retry, verdict.counted) == (True, False)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ReadTimeout("x"), "timeout"),
        (httpx2.ConnectTimeout("x"), "timeout"),
        (TimeoutError(), "timeout"),
        (openai.APITimeoutError(REQUEST), "timeout"),
        (httpx2.ConnectError("x"), "connect"),
        (httpx2.ReadError("x"), "connect"),
        (ConnectionResetError(), "connect"),
        (openai.APIConnectionError(request=REQUEST), "connect"),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.ReadError("x")), "connect"),
        (
            caused(openai.APIConnectionError(request=REQUEST), httpx2.RemoteProtocolError("x")),
            "contract",
        ),
        (httpx2.RemoteProtocolError("x"), "contract"),
        (httpx2.DecodingError("x"), "contract"),
        (json.JSONDecodeError("x", "", 0), "contract"),
        (
            openai.APIResponseValidationError(httpx2.Response(200, request=REQUEST), None),
            "contract",
        ),
    ],
)
def test_classify_transport_errors_count_by_kind(error: Exception, kind: str) -> None:
    verdict = classify(error, NOW)
    assert (verdict.judgement, verdict.kind, verdict.counted) == ("failure", kind, True)
    assert verdict.retry


def test_classify_a_poor_answer_does_not_count() -> None:
    assert classify(poor_answer(), NOW) == Verdict.failure("contract", counted=False)


@pytest.mark.parametrize(
    "error", [KeyError("x"), RuntimeError("x"), httpx2.UnsupportedProtocol("x")]
)
def test_classify_our_own_bugs_are_neutral(error: Exception) -> None:
    assert classify(error, NOW) == Verdict.neutral()


def test_classify_our_own_full_pool_is_neutral() -> None:
    assert classify(httpx2.PoolTimeout("x"), NOW) == Verdict.neutral(retry=True)


def test_classify_a_dead_link_says_nothing_about_the_provider() -> None:
    gone = FetchRefusedError("posting_not_found", "gone")
    busy = FetchRefusedError("posting_server_error", "busy", retryable=True)
    assert classify(gone, NOW) == Verdict.neutral()
    assert classify(busy, NOW) == Verdict.neutral(retry=True)


def test_classify_never_takes_a_sentence_for_a_code() -> None:
    error = http_error(400, body={"error": {"code": "my resume says I am Jane Doe"}})
    assert classify(error, NOW).code is None


def test_classify_survives_bodies_that_are_no_error_object() -> None:
    bodies: list[object] = [None, [], "text", {"error": "text"}, {"error": None}]
    for body in bodies:
        assert classify(http_error(400, body=body), NOW) == Verdict.refused(400)

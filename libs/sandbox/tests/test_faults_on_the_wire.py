"""Every fault over a real socket, as the product's own clients see it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai as sdk
import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict, ValidationError


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    ready: bool


Chat = Callable[[], Awaitable[Any]]


@pytest.fixture
def chat(openai: AsyncOpenAI) -> Chat:
    return asking(openai)


def asking(openai: AsyncOpenAI) -> Chat:
    async def ask() -> Any:
        return await openai.chat.completions.parse(
            model="gpt-4.1-mini",
            messages=[{"role": "user", "content": "Some words of a person to be summed up"}],
            response_format=Out,
            extra_headers={"x-client-request-id": "job/1/tailor.resume/1"},
        )

    return ask


async def put_fault(http: httpx2.AsyncClient, step: dict[str, Any], **more: Any) -> None:
    body = {"route": "openai.chat", "script": [step], **more}
    (await http.put("/_sandbox/faults", json=body)).raise_for_status()


async def calls(http: httpx2.AsyncClient, provider: str = "openai") -> list[dict[str, Any]]:
    answer = await http.get("/_sandbox/ledger", params={"provider": provider})
    found: list[dict[str, Any]] = answer.json()["calls"]
    return found


async def finished(http: httpx2.AsyncClient) -> list[dict[str, Any]]:
    """The calls, as soon as none is open any more."""
    async with asyncio.timeout(5):
        while any(call["state"] == "open" for call in await calls(http)):
            await asyncio.sleep(0.01)
    return await calls(http)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ({"kind": "status", "status": 500}, sdk.InternalServerError),
        ({"kind": "status", "status": 503}, sdk.InternalServerError),
        ({"kind": "status", "status": 401}, sdk.AuthenticationError),
        ({"kind": "status", "status": 429}, sdk.RateLimitError),
        ({"kind": "reset"}, sdk.APIConnectionError),
        ({"kind": "cut_body"}, sdk.APIConnectionError),
        ({"kind": "wrong_json"}, ValidationError),
        ({"kind": "wrong_schema"}, ValidationError),
        ({"kind": "length"}, sdk.LengthFinishReasonError),
    ],
)
async def test_chat_sees_the_fault(
    chat: Chat, http: httpx2.AsyncClient, step: dict[str, Any], error: type[Exception]
) -> None:
    await put_fault(http, step)

    with pytest.raises((error, httpx2.RemoteProtocolError)) as caught:
        await chat()

    # The SDK lets errors while reading a body through as they are.
    assert isinstance(caught.value, error) or step["kind"] == "cut_body"
    assert (await finished(http))[0]["fault"] == step["kind"]
    assert (await chat()).choices[0].message.parsed is not None, "the fault is over"


async def test_chat_sees_a_hang_as_a_timeout(openai: AsyncOpenAI, http: httpx2.AsyncClient) -> None:
    await put_fault(http, {"kind": "hang"})

    with pytest.raises(sdk.APITimeoutError):
        await asking(openai.with_options(timeout=0.5))()

    (call,) = await finished(http)
    assert (call["state"], call["billed"]) == ("client_gone", False)


async def test_chat_is_answered_after_a_short_hang(chat: Chat, http: httpx2.AsyncClient) -> None:
    await put_fault(http, {"kind": "hang", "seconds": 0.05})

    await chat()

    (call,) = await finished(http)
    assert (call["state"], call["billed"]) == ("answered", True)
    assert call["durationMs"] >= 50


async def test_chat_sees_a_refusal(chat: Chat, http: httpx2.AsyncClient) -> None:
    await put_fault(http, {"kind": "refusal"})

    message = (await chat()).choices[0].message

    assert message.parsed is None
    assert message.refusal


async def test_chat_sees_a_page_of_a_proxy(chat: Chat, http: httpx2.AsyncClient) -> None:
    await put_fault(http, {"kind": "not_json"})

    with pytest.raises((AttributeError, sdk.APIResponseValidationError, TypeError)):
        await chat()


async def test_rate_limit_carries_its_headers_and_body(
    chat: Chat, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, {"kind": "status", "status": 429, "retryAfter": 20})

    with pytest.raises(sdk.RateLimitError) as caught:
        await chat()

    headers = caught.value.response.headers
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("20", "20000")
    assert headers["x-request-id"].startswith("req_")
    assert (caught.value.code, caught.value.type) == ("rate_limit_exceeded", "requests")


async def test_status_without_retry_after_names_no_time(
    chat: Chat, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, {"kind": "status", "status": 429, "code": "insufficient_quota"})

    with pytest.raises(sdk.RateLimitError) as caught:
        await chat()

    assert "retry-after" not in caught.value.response.headers
    assert (caught.value.code, caught.value.type) == ("insufficient_quota", "insufficient_quota")


async def test_fault_for_a_time_hits_every_call_until_cleared(
    chat: Chat, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, {"kind": "status", "status": 500}, forSeconds=60)
    for _ in range(3):
        with pytest.raises(sdk.InternalServerError):
            await chat()

    await http.delete("/_sandbox/faults")

    assert (await chat()).choices[0].finish_reason == "stop"


async def test_slow_drip_takes_its_time_and_arrives_whole(http: httpx2.AsyncClient) -> None:
    body = {"route": "careers.page", "script": [{"kind": "slow_drip", "seconds": 0.2}]}
    await http.put("/_sandbox/faults", json=body)

    slow = await http.get("/careers/")
    quick = await http.get("/careers/")

    assert slow.content == quick.content
    first, second = await calls(http, "careers")
    assert first["durationMs"] >= 200 > second["durationMs"]


async def test_cut_body_breaks_a_page(http: httpx2.AsyncClient) -> None:
    await http.put(
        "/_sandbox/faults", json={"route": "careers.page", "script": [{"kind": "cut_body"}]}
    )

    with pytest.raises(httpx2.RemoteProtocolError):
        await http.get("/careers/")


async def test_reset_is_a_reset_and_no_orderly_end(url: str, http: httpx2.AsyncClient) -> None:
    await http.put(
        "/_sandbox/faults", json={"route": "careers.page", "script": [{"kind": "reset"}]}
    )
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /careers/ HTTP/1.1\r\nhost: sandbox\r\n\r\n")

    with pytest.raises(ConnectionResetError):
        await reader.read()

    writer.close()


async def test_failed_run_of_perplexity_is_a_200(http: httpx2.AsyncClient) -> None:
    await http.put(
        "/_sandbox/faults",
        json={"route": "perplexity.responses", "script": [{"kind": "run_failed"}]},
    )

    answer = await http.post(
        "/perplexity/v1/responses",
        json={"model": "perplexity/sonar", "input": "Company: Northwind Robotics"},
        headers={"authorization": "Bearer x"},
    )

    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert answer.json()["error"]["code"]


async def test_retry_after_as_a_date(
    openai: AsyncOpenAI, chat: Chat, http: httpx2.AsyncClient
) -> None:
    """The moment in HTTP's own form, and no milliseconds beside it that would win."""
    step = {"kind": "status", "status": 429, "retryAfter": 20, "retryAfterDate": True}
    await put_fault(http, step)
    with pytest.raises(sdk.RateLimitError) as caught:
        await chat()
    headers = caught.value.response.headers
    moment = parsedate_to_datetime(headers["retry-after"])
    assert 18 <= (moment - datetime.now(UTC)).total_seconds() <= 21
    assert "retry-after-ms" not in headers


async def test_ledger_knows_the_tokens_of_an_answer(chat: Chat, http: httpx2.AsyncClient) -> None:
    """What a call would have cost is counted from here, also when its answer was cut."""
    answer = await chat()
    call = (await calls(http))[0]
    assert (call["inputTokens"], call["outputTokens"]) == (
        answer.usage.prompt_tokens,
        answer.usage.completion_tokens,
    )

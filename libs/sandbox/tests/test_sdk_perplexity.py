"""The vendor's own SDK against the sandbox, unchanged; a test tool only."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import perplexity as sdk
import pytest

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"summary": {"type": "string"}, "known": {"type": "boolean"}},
    "required": ["summary", "known"],
    "additionalProperties": False,
}


@pytest.fixture
async def client(url: str, http: httpx2.AsyncClient) -> AsyncIterator[sdk.AsyncPerplexity]:
    async with sdk.AsyncPerplexity(
        api_key="pplx-x", base_url=f"{url}/perplexity", max_retries=0, timeout=5
    ) as client:
        yield client


async def run(client: sdk.AsyncPerplexity, **more: Any) -> Any:
    return await client.responses.create(
        model="perplexity/sonar",
        input="Company: Northwind Robotics",
        tools=[{"type": "web_search"}],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "CompanyResearch", "schema": SCHEMA, "strict": True},
        },
        **more,
    )


async def put_fault(http: httpx2.AsyncClient, **step: Any) -> None:
    script = {"route": "perplexity.responses", "script": [step]}
    (await http.put("/_sandbox/faults", json=script)).raise_for_status()


async def test_sdk_reads_answer_sources_and_cost(client: sdk.AsyncPerplexity) -> None:
    response = await run(client)

    assert response.status == "completed"
    assert json.loads(response.output_text)["known"] is True
    assert [item.type for item in response.output] == ["search_results", "message"]
    assert response.output[0].results[0].url.startswith("http://127.0.0.1")
    usage = response.usage
    assert usage.tool_calls_details["web_search"].invocation == 1
    assert usage.cost.total_cost == pytest.approx(
        usage.cost.input_cost + usage.cost.output_cost + usage.cost.tool_calls_cost
    )


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("bad_request", sdk.BadRequestError),
        ("unauthorized", sdk.AuthenticationError),
        ("forbidden", sdk.PermissionDeniedError),
        ("not_found", sdk.NotFoundError),
        ("conflict", sdk.ConflictError),
        ("unprocessable", sdk.UnprocessableEntityError),
        ("rate_limited", sdk.RateLimitError),
        ("server_error", sdk.InternalServerError),
        ("overloaded", sdk.InternalServerError),
    ],
)
async def test_sdk_raises_its_class(
    client: sdk.AsyncPerplexity,
    http: httpx2.AsyncClient,
    name: str,
    error: type[sdk.APIStatusError],
) -> None:
    await put_fault(http, kind="error", code=name)

    with pytest.raises(error):
        await run(client)


async def test_sdk_raises_on_transport(
    client: sdk.AsyncPerplexity, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, kind="reset")
    with pytest.raises(sdk.APIConnectionError):
        await run(client)
    await put_fault(http, kind="hang")
    with pytest.raises(sdk.APITimeoutError):
        await run(client.with_options(timeout=0.2))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("run_failed", "failed"),
        ("run_queued", "queued"),
        ("run_in_progress", "in_progress"),
        ("run_cancelled", "cancelled"),
        ("run_requires_action", "requires_action"),
    ],
)
async def test_sdk_reads_a_run_without_an_answer(
    client: sdk.AsyncPerplexity, http: httpx2.AsyncClient, kind: str, status: str
) -> None:
    await put_fault(http, kind=kind)

    response = await run(client)

    assert (response.status, response.output_text) == (status, "")
    assert (response.error is not None) == (status == "failed")


async def test_sdk_reads_an_answer_without_sources(
    client: sdk.AsyncPerplexity, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, kind="no_sources")

    response = await run(client)

    assert [item.type for item in response.output] == ["message"]


async def test_sdk_lives_with_unknown_items(
    client: sdk.AsyncPerplexity, http: httpx2.AsyncClient
) -> None:
    await put_fault(http, kind="unknown_items")

    response = await run(client)

    kinds = [item.type for item in response.output]
    assert kinds == ["reasoning_trace", "search_results", "message", "unknown"]
    assert json.loads(response.output_text)["known"] is True


async def test_sdk_fetches_a_run_of_the_background(client: sdk.AsyncPerplexity) -> None:
    started = await run(client, background=True)
    finished = await client.responses.retrieve(started.id)
    with pytest.raises(sdk.NotFoundError):
        await client.responses.retrieve("resp_unknown")

    assert (started.status, finished.status) == ("queued", "completed")
    assert finished.id == started.id


async def test_sdk_cancels_a_run_of_the_background(client: sdk.AsyncPerplexity) -> None:
    started = await run(client, background=True)

    await client.responses.cancel(started.id)

    assert (await client.responses.retrieve(started.id)).status == "cancelled"


async def test_sdk_searches(client: sdk.AsyncPerplexity) -> None:
    found = await client.search.create(query="Northwind Robotics news", max_results=2)

    assert len(found.results) == 2
    assert found.results[0].snippet


async def test_first_use_of_a_schema_takes_its_time(
    client: sdk.AsyncPerplexity, http: httpx2.AsyncClient
) -> None:
    await http.put("/_sandbox/latency", json={"perplexity.schema": 200})

    await run(client)
    await run(client)

    ledger = (await http.get("/_sandbox/ledger", params={"provider": "perplexity"})).json()
    first, second = (call["durationMs"] for call in ledger["calls"])
    assert first >= 200 > second


async def test_old_api_says_that_it_has_ended(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/perplexity/chat/completions", json={"model": "sonar"})

    assert answer.status_code == 410
    assert "Agent API" in answer.json()["error"]["message"]

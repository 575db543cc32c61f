import json
from typing import Any

import httpx2
import pytest

from resume_sandbox.pay_answers import LIES

SCHEMA = {
    "type": "object",
    "properties": {
        "known": {"type": "boolean"},
        "summary": {"type": "string"},
        "founded": {"type": "integer"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "url": {"type": "string"}},
                "required": ["text", "url"],
                "additionalProperties": False,
            },
        },
        "news_urls": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["known", "summary", "findings"],
    "additionalProperties": False,
}


async def run(http: httpx2.AsyncClient, company: str, path: str = "responses") -> dict[str, Any]:
    answer = await http.post(
        f"/perplexity/v1/{path}",
        json={
            "model": "perplexity/sonar",
            "input": f"Company: {company}",
            "tools": [{"type": "web_search"}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "CompanyResearch", "schema": SCHEMA, "strict": True},
            },
        },
        headers={"authorization": "Bearer pplx-x"},
    )
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    assert body["status"] == "completed"
    return body


def message(body: dict[str, Any]) -> Any:
    return json.loads(body["output"][-1]["content"][0]["text"])


@pytest.mark.parametrize("path", ["responses", "agent"])
async def test_known_company_comes_with_sources_that_exist(
    http: httpx2.AsyncClient, path: str
) -> None:
    body = await run(http, "northwind robotics", path)

    answer = message(body)
    results = body["output"][0]["results"]
    assert answer["known"] is True
    assert "carts" in answer["summary"]
    assert answer["founded"] == 2015
    assert {f["url"] for f in answer["findings"]} == {result["url"] for result in results}
    assert set(answer["news_urls"]) < {result["url"] for result in results}
    for result in results:
        page = await http.get(result["url"])
        assert page.status_code == 200
        assert result["snippet"] in page.text
    assert body["usage"]["cost"]["total_cost"] > 0.005


@pytest.mark.parametrize("name", ["Acme Unknown Ltd", "Northwind Robotics or Tidewater Freight"])
async def test_unknown_company_is_said_to_be_unknown(http: httpx2.AsyncClient, name: str) -> None:
    body = await run(http, name)

    assert [item["type"] for item in body["output"]] == ["message"]
    assert message(body) == {
        "known": False,
        "summary": "",
        "founded": 0,
        "findings": [],
        "news_urls": [],
    }


async def test_no_search_tool_brings_no_sources(http: httpx2.AsyncClient) -> None:
    answer = await http.post(
        "/perplexity/v1/responses",
        json={"model": "perplexity/sonar", "input": "What is Alderbrook Health?"},
        headers={"authorization": "Bearer x"},
    )

    assert [item["type"] for item in answer.json()["output"]] == ["message"]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, {"model": "perplexity/sonar", "input": "x"}, 401),
        ({"authorization": "Bearer x"}, {"input": "x"}, 400),
        ({"authorization": "Bearer x"}, {"model": "perplexity/sonar"}, 400),
    ],
)
async def test_wrong_request_is_refused(
    http: httpx2.AsyncClient, headers: dict[str, str], body: dict[str, str], status: int
) -> None:
    answer = await http.post("/perplexity/v1/responses", json=body, headers=headers)

    assert answer.status_code == status
    assert answer.json()["error"]["type"] == "invalid_request_error"


PAY_SCHEMA = {
    "type": "object",
    "properties": {
        "known": {"type": "boolean"},
        "figures": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "low": {"type": "number"},
                    "currency": {"type": "string"},
                    "region": {"type": "string"},
                    "date": {"type": "string"},
                    "sample_size": {"type": "integer"},
                    "url": {"type": "string"},
                },
            },
        },
    },
}


async def pay(http: httpx2.AsyncClient, occupation: str, region: str) -> dict[str, Any]:
    answer = await http.post(
        "/perplexity/v1/responses",
        json={
            "model": "perplexity/sonar",
            "input": json.dumps({"occupation": occupation, "region": region}),
            "tools": [{"type": "web_search"}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "Pay", "schema": PAY_SCHEMA},
            },
        },
        headers={"authorization": "Bearer pplx-x"},
    )
    body: dict[str, Any] = answer.json()
    return body


async def test_pay_is_told_from_pages_that_state_it(http: httpx2.AsyncClient) -> None:
    body = await pay(http, "Registered Nurse", "Leeds, GB")
    [figure], [result] = message(body)["figures"], body["output"][0]["results"]
    assert (figure["low"], figure["currency"], figure["sample_size"]) == (31500, "GBP", 960)
    assert (figure["region"], figure["date"]) == ("Leeds, England", "2025-12-31")
    assert figure["url"] == result["url"]
    page = await http.get(result["url"])
    assert all(line in page.text for line in result["snippet"].splitlines())
    assert "GBP 31,500" in page.text


@pytest.mark.parametrize("region", ["Hamburg", "Nowhere"])
async def test_pay_that_no_page_states_is_unknown(http: httpx2.AsyncClient, region: str) -> None:
    body = await pay(http, "Registered Nurse", region)
    assert message(body) == {"known": False, "figures": []}
    assert [item["type"] for item in body["output"]] == ["message"]


async def test_lies_about_pay_cite_pages_that_say_otherwise(http: httpx2.AsyncClient) -> None:
    for kind in LIES:
        script = {"route": "perplexity.responses", "script": [{"kind": kind}]}
        (await http.put("/_sandbox/faults", json=script)).raise_for_status()
        [figure] = message(await pay(http, "Software Engineer", "Berlin"))["figures"]
        page = (await http.get(figure["url"])).text
        said = f"in {figure['region']} earn {figure['currency']} {figure['low']:,.0f} "
        true = (
            said in page and f"{figure['sample_size']} people" in page and "as of 30 June" in page
        )
        assert not true, kind

import json
from typing import Any

import pytest

from research_svc.perplexity_wire import AnswerError, Run, completed_run, research_of, usage_of
from resume_contracts.facts import RESEARCH_LIMIT
from resume_contracts.messages import Usage

URL = "https://northwind.example/about"
FINDING = {"text": "Makes carts.", "url": URL}
TOLD = {"known": True, "summary": "Carts.", "findings": [FINDING]}


def message(told: Any) -> dict[str, Any]:
    text = told if isinstance(told, str) else json.dumps(told)
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


def results(*urls: Any) -> dict[str, Any]:
    return {"type": "search_results", "results": [{"url": url, "title": "?"} for url in urls]}


def run(*output: Any, **others: Any) -> Run:
    document = {"status": "completed", "output": list(output), **others}
    return completed_run(json.dumps(document).encode())


def test_finding_counts_only_with_an_address_that_was_searched() -> None:
    invented = {"text": "Makes rockets.", "url": "https://invented.example/"}
    told = {**TOLD, "findings": [FINDING, invented]}

    found = research_of("Northwind", run(results(URL), message(told)))

    assert found.available
    assert [finding.url for finding in found.findings] == [URL]


@pytest.mark.parametrize(
    "output",
    [
        [message(TOLD)],
        [results(), message(TOLD)],
        [{"type": "search_results", "results": None}, message(TOLD)],
        [results(None, "https://elsewhere.example/"), message(TOLD)],
        [results(URL), message({**TOLD, "known": False})],
        [results(URL), message({**TOLD, "findings": []})],
    ],
)
def test_nothing_citable_is_not_available(output: list[Any]) -> None:
    found = research_of("Northwind", run(*output))
    assert not found.available
    assert found.summary is None


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "ftp://h/", "//h/"])
def test_address_that_is_no_web_page_is_no_source(scheme: str) -> None:
    told = {**TOLD, "findings": [{"text": "x", "url": scheme}]}
    assert not research_of("Northwind", run(results(scheme), message(told))).available


def test_unknown_items_and_fields_are_passed_over() -> None:
    parts = {"type": "message", "content": [{"type": "refusal", "refusal": "no"}, {"odd": 1}]}
    odd = [{"type": "thinking", "content": None}, {"kind": "?"}, parts]
    assert research_of("N", run(*odd, results(URL), message(TOLD), answer=42)).available


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"<html>",
        b'{"status": 1}',
        b'{"status":"completed","output":[7]}',
        b"{}",
    ],
)
def test_document_of_another_shape_breaks_the_contract(body: bytes) -> None:
    with pytest.raises(AnswerError) as caught:
        completed_run(body)
    assert caught.value.kind == "contract"


@pytest.mark.parametrize("status", ["failed", "incomplete", "in_progress", "cancelled"])
def test_run_that_did_not_complete_is_a_failure(status: str) -> None:
    with pytest.raises(AnswerError) as caught:
        completed_run(json.dumps({"status": status}).encode())
    assert caught.value.kind == "status"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "sure! {}", '{"known": true}', '{"summary": "\\ud800"}']
)
def test_text_that_is_not_the_schema_breaks_the_contract(text: str) -> None:
    with pytest.raises(AnswerError):
        research_of("Northwind", run(results(URL), message(text)))


def test_research_stays_within_its_limit() -> None:
    urls = [f"https://northwind.example/{n}{'x' * 500}" for n in range(20)]
    told = {
        "known": True,
        "summary": "仕" * 9000,
        "findings": [{"text": "事" * 9000, "url": url} for url in urls],
    }

    found = research_of("社" * 200, run(results(*urls), message(told)))

    assert found.available
    assert found.findings
    assert len(found.model_dump_json().encode()) <= RESEARCH_LIMIT


def test_text_that_cannot_be_stored_is_left_out() -> None:
    told = {**TOLD, "summary": "Ca\x00rts.", "findings": [{"text": "a\x00", "url": URL}]}
    found = research_of("Northwind", run(results(URL), message(told)))

    assert found.summary == "Carts."
    assert found.findings[0].text == "a"


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, (0, 0, None)),
        ({"input_tokens": None}, (0, 0, None)),
        ({"input_tokens": 3, "output_tokens": 4, "cost": {"total_cost": 0.5}}, (3, 4, 0.5)),
        ({"input_tokens": 3, "cost": None}, (3, 0, None)),
    ],
)
def test_usage_is_what_was_told(usage: Any, expected: tuple[int, int, float | None]) -> None:
    told = usage_of("sonar", run(usage=usage))
    assert told == Usage(
        provider="perplexity",
        model="sonar",
        calls=1,
        input_tokens=expected[0],
        output_tokens=expected[1],
        cost_usd=expected[2],
    )

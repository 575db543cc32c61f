import json
from typing import Any

import pytest

from research_svc.perplexity import classify
from research_svc.perplexity_wire import AnswerError, Run, read_run, require_completed, usage_of
from resume_contracts.messages import Usage

from .answers import URL, message, results, run


def test_items_of_unknown_types_are_passed_over_whatever_is_in_them() -> None:
    odd = [{"type": "thinking", "content": "?", "results": 7}, {"kind": "?"}, 7, None, "x"]
    parts = {"type": "message", "content": [{"type": "refusal", "refusal": "no"}, {"odd": 1}]}
    read = run(*odd, parts, results(URL), message("told"), answer=42)
    assert (read.text, read.addresses) == ("told", frozenset({URL}))


def test_several_searches_count_together() -> None:
    assert run(results("https://a.example/"), results("https://b.example/")).addresses == {
        "https://a.example/",
        "https://b.example/",
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://h/", "//h/"])
def test_address_that_is_no_web_page_is_none(address: str) -> None:
    assert run(results(address, None, f"https://h/{'x' * 600}")).addresses == frozenset()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"status": 1}', b"{}"])
def test_document_of_another_shape_breaks_the_contract(body: bytes) -> None:
    with pytest.raises(AnswerError) as caught:
        read_run(body)
    assert (caught.value.verdict.kind, caught.value.verdict.counted) == ("contract", False)


@pytest.mark.parametrize(
    ("document", "ending", "counted"),
    [
        ({"status": "failed"}, "status", True),
        ({"status": "failed", "error": None}, "status", True),
        ({"status": "failed", "error": {"message": "x", "code": "internal_error"}}, "status", True),
        ({"status": "failed", "error": {"code": "a sentence of theirs"}}, "status", True),
        ({"status": "failed", "error": {"type": "rate_limit_error"}}, "rate_limited", False),
        ({"status": "failed", "error": {"type": "invalid_request_error"}}, "refused", False),
        ({"status": "failed", "error": {"code": "permission_error"}}, "refused", False),
        ({"status": "queued"}, "status", True),
        ({"status": "in_progress"}, "status", True),
        ({"status": "cancelled"}, "contract", False),
        ({"status": "requires_action"}, "contract", False),
        ({"status": "incomplete"}, "contract", False),
        ({"status": "new one"}, "contract", False),
    ],
)
def test_run_without_an_answer_is_judged_by_its_state(
    document: dict[str, Any], ending: str, *, counted: bool
) -> None:
    with pytest.raises(AnswerError) as caught:
        require_completed(read_run(json.dumps(document).encode()))
    verdict = classify(caught.value)
    assert verdict is not None
    assert (verdict.ending, verdict.counted) == (ending, counted)


def test_other_errors_are_the_defaults_to_judge() -> None:
    assert classify(ValueError()) is None


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, (0, 0, None)),
        ({"input_tokens": None}, (0, 0, None)),
        ({"input_tokens": 3, "output_tokens": 4, "cost": {"total_cost": 0.5}}, (3, 4, 0.5)),
        ({"cost": {"total_cost": 0.5, "currency": "USD"}}, (0, 0, 0.5)),
        ({"cost": {"total_cost": 0.5, "currency": "EUR"}}, (0, 0, None)),
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


def test_run_without_output_has_nothing() -> None:
    read = Run(status="completed")
    assert (read.text, read.addresses, read.has_searched) == ("", frozenset(), False)

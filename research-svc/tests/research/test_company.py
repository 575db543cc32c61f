from typing import Any

import pytest

from research_svc.company import company_answer
from research_svc.perplexity_wire import AnswerError
from research_svc.ports import CompanyQuestion
from resume_contracts.facts import RESEARCH_LIMIT

from .answers import URL, message, results, run

FINDING = {"text": "Makes carts.", "url": URL}
TOLD = {"known": True, "website": "", "summary": "Carts.", "findings": [FINDING]}
QUESTION = CompanyQuestion("Northwind")


def test_finding_counts_only_with_an_address_that_was_searched() -> None:
    invented = {"text": "Makes rockets.", "url": "https://invented.example/"}
    told = {**TOLD, "findings": [FINDING, invented]}

    answer = company_answer(QUESTION, run(results(URL), message(told)))

    assert answer.is_known
    assert [finding.url for finding in answer.value.research.findings] == [URL]


@pytest.mark.parametrize(
    ("output", "is_sound"),
    [
        ([message(TOLD)], False),
        ([message({**TOLD, "known": False})], True),
        ([results(), message(TOLD)], True),
        ([{"type": "search_results", "results": None}, message(TOLD)], True),
        ([results(None, "https://elsewhere.example/"), message(TOLD)], True),
        ([results(URL), message({**TOLD, "known": False})], True),
        ([results(URL), message({**TOLD, "findings": []})], True),
    ],
)
def test_nothing_citable_is_not_known(output: list[Any], *, is_sound: bool) -> None:
    answer = company_answer(QUESTION, run(*output))
    assert (answer.is_known, answer.is_sound) == (False, is_sound)
    assert answer.value.research.summary is None


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("", None),
        ("https://www.Northwind.example/en", "northwind.example"),
        ("northwind.example", "northwind.example"),
        ("claimed.example", None),
        ("wind.example", None),
        ("http://[", None),
    ],
)
def test_domain_is_verified_by_the_sources_only(website: str, domain: str | None) -> None:
    answer = company_answer(QUESTION, run(results(URL), message({**TOLD, "website": website})))
    assert answer.value.domain == domain


@pytest.mark.parametrize(
    ("asked", "website", "is_known"),
    [
        ("northwind.example", "https://northwind.example", True),
        ("northwind.example", "https://careers.northwind.example", True),
        ("careers.northwind.example", "https://northwind.example", True),
        ("northwind.example", "", True),
        ("northwind.example", "https://northwind.test", False),
    ],
)
def test_company_of_another_website_is_another(asked: str, website: str, *, is_known: bool) -> None:
    question = CompanyQuestion("Northwind", asked)
    told = {**TOLD, "website": website}
    assert company_answer(question, run(results(URL), message(told))).is_known is is_known


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "sure! {}", '{"known": true}', '{"summary": "\\ud800"}']
)
def test_text_that_is_not_the_schema_breaks_the_contract(text: str) -> None:
    with pytest.raises(AnswerError):
        company_answer(QUESTION, run(results(URL), message(text)))


def test_research_stays_within_its_limit() -> None:
    urls = [f"https://northwind.example/{n}{'x' * 500}" for n in range(20)]
    told = {
        "known": True,
        "summary": "仕" * 9000,
        "findings": [{"text": "事" * 9000, "url": url} for url in urls],
    }

    answer = company_answer(QUESTION, run(results(*urls), message(told)))

    research = answer.value.research.model_copy(update={"company": "社" * 200})
    assert research.findings
    assert len(research.model_dump_json().encode()) <= RESEARCH_LIMIT


def test_text_that_cannot_be_stored_is_left_out() -> None:
    told = {**TOLD, "summary": "Ca\x00rts.", "findings": [{"text": "a\x00", "url": URL}]}
    research = company_answer(QUESTION, run(results(URL), message(told))).value.research

    assert research.summary == "Carts."
    assert research.findings[0].text == "a"

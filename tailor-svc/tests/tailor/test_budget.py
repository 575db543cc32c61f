import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resume_contracts.facts import Research
from resume_core.model import Resume
from tailor_svc.budget import count_tokens
from tailor_svc.handlers import Assignment
from tailor_svc.ports import Question
from tailor_svc.profiles import load_profiles

from .world import assignment, user_message

KNOWN = Research(available=True, summary="They make carts. " * 40)


def data_of(question: Question) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(question.text.splitlines()[1])
    return data


def ids(question: Question, what: str) -> list[str]:
    return [item["id"] for item in data_of(question)[what]]


def long_assignment(lines: int = 400) -> Assignment:
    """A resume of many lines; only the last one is about what the posting asks for."""
    document = assignment().resume.model_dump(mode="json", by_alias=True)
    more = [f"Looked after the garden of house number {n} for a year." for n in range(lines)]
    document["work"][-1]["highlights"] = [*more, "Moved the reports to PostgreSQL."]
    return replace(assignment(), resume=Resume.model_validate(document), research=KNOWN)


def test_what_fits_is_sent_whole() -> None:
    asked = assignment()
    assert asked.to_request().fit(1_000_000) == Question(user_message(asked))


def test_notes_on_the_company_go_first() -> None:
    asked = replace(assignment(), research=KNOWN)
    without = user_message(assignment())

    question = asked.to_request().fit(count_tokens(without) + 60)

    assert question.text == without
    assert question.notes == (
        "The notes on the company were too long for the model and not shown to it.",
    )


def test_what_answers_the_posting_stays() -> None:
    question = long_assignment().to_request().fit(4_000)

    assert count_tokens(question.text) <= 4_000
    texts = [fact["text"] for fact in data_of(question)["facts"]]
    assert "Moved the reports to PostgreSQL." in texts
    assert len(data_of(question)["requirements"]) == len(assignment().requirements)
    assert question.notes[-1].startswith("There was more than the model can read at once: ")
    assert "lines of the resume were not shown" in question.notes[-1]


def test_lighter_requirements_go_before_heavier() -> None:
    asked = assignment()
    many = [
        asked.requirements[0].model_copy(update={"id": f"r{n}", "weight": 3 if n % 2 else 1})
        for n in range(200)
    ]
    question = replace(long_assignment(), requirements=many).to_request().fit(3_000)

    kept = set(ids(question, "requirements"))
    assert kept
    weights = {r.weight for r in many if r.id in kept}
    assert weights == {3}
    assert "requirements were not shown" in question.notes[-1]


@settings(deadline=None)  # the machine may be busy
@given(most=st.integers(min_value=600, max_value=30_000))
def test_every_budget_is_kept_and_what_is_left_out_is_told(most: int) -> None:
    asked = long_assignment(60)
    question = asked.to_request().fit(most)

    assert count_tokens(question.text) <= most
    assert question == asked.to_request().fit(most)
    everything = asked.to_request().fit(1_000_000)
    is_whole = True
    for what in ("facts", "requirements"):
        kept, known = ids(question, what), ids(everything, what)
        assert kept == [each for each in known if each in kept]
        is_whole &= kept == known
    assert is_whole == (not question.notes) or "company" in question.notes[0]


@pytest.mark.parametrize(
    ("model", "parameter", "effort"),
    [
        ("gpt-4.1-mini", "max_completion_tokens", None),
        ("gpt-4.1-mini-2025-04-14", "max_completion_tokens", None),
        ("openai/GPT-4.1-mini", "max_completion_tokens", None),
        ("gpt-6-luna", "max_completion_tokens", "low"),
        ("llama3.3", "max_tokens", None),
    ],
)
def test_profile_is_found_by_name(
    model: str,
    parameter: str,
    effort: str | None,
) -> None:
    profile = load_profiles().of(model)
    assert (profile.token_parameter, profile.reasoning_effort) == (parameter, effort)


def test_first_profile_that_fits_counts() -> None:
    profiles = load_profiles()
    assert profiles.of("gpt-4.1-mini").price != profiles.of("gpt-4.1").price
    assert profiles.of("unheard-of") == profiles.default
    assert profiles.default.price is None


def test_cached_tokens_have_their_own_price() -> None:
    profile = load_profiles().of("gpt-4.1-mini")
    cost = profile.cost(input_tokens=3_000_000, cached_tokens=1_000_000, output_tokens=1_000_000)
    assert cost == pytest.approx(2 * 0.40 + 0.10 + 1.60)
    assert profile.cost(input_tokens=0, cached_tokens=0, output_tokens=0) == 0

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from resume_runtime.testing import FakeClock
from resume_sandbox.faults import KINDS, FaultBook, FaultScript, FaultStep
from resume_sandbox.routes import ROUTE_NAMES


def script(route: str, *steps: dict[str, Any], **more: Any) -> FaultScript:
    return FaultScript.model_validate({"route": route, "script": steps, **more})


STEPS = st.lists(
    st.tuples(st.sampled_from(["none", "reset", "cut_body"]), st.integers(1, 4)),
    min_size=1,
    max_size=6,
)


@given(STEPS)
def test_book_takes_each_step_as_often_as_it_says(steps: list[tuple[str, int]]) -> None:
    book = FaultBook(FakeClock())
    book.put(script("openai.chat", *({"kind": k, "times": n} for k, n in steps)))
    expected = [None if k == "none" else k for k, n in steps for _ in range(n)]

    taken = [book.take("openai.chat") for _ in range(len(expected) + 2)]

    assert [step.kind if step else None for step in taken] == [*expected, None, None]
    assert book.routes() == ()


@given(STEPS, st.integers(1, 3))
def test_book_repeats_a_timed_script(steps: list[tuple[str, int]], rounds: int) -> None:
    clock = FakeClock()
    book = FaultBook(clock)
    book.put(script("openai.chat", *({"kind": k, "times": n} for k, n in steps), forSeconds=20))
    expected = [None if k == "none" else k for k, n in steps for _ in range(n)] * rounds

    taken = [book.take("openai.chat") for _ in expected]
    clock.advance(20)

    assert [step.kind if step else None for step in taken] == expected
    assert book.take("openai.chat") is None


def test_book_keeps_routes_apart() -> None:
    book = FaultBook(FakeClock())
    book.put(script("openai.chat", {"kind": "reset"}))

    assert book.take("openai.responses") is None
    assert book.take("openai.chat") == FaultStep(kind="reset")


def test_book_replaces_a_script() -> None:
    book = FaultBook(FakeClock())
    book.put(script("openai.chat", {"kind": "reset", "times": 5}))
    book.put(script("openai.chat", {"kind": "cut_body"}))

    assert book.take("openai.chat") == FaultStep(kind="cut_body")
    assert book.take("openai.chat") is None


@pytest.mark.parametrize(
    "step",
    [{"kind": "status"}, {"kind": "reset", "status": 500}, {"kind": "status", "status": 200}],
)
def test_step_with_a_wrong_status_is_refused(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        script("openai.chat", step)


def test_script_refuses_what_cannot_happen_on_its_route() -> None:
    with pytest.raises(ValidationError, match=r"cannot happen on careers\.page"):
        script("careers.page", {"kind": "refusal"})


def test_kinds_are_listed_for_every_route() -> None:
    assert set(KINDS) == set(ROUTE_NAMES)

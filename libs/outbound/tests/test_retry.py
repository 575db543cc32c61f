import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_outbound.retry import (
    LONGEST_PAUSE_S,
    SHORTEST_PAUSE_S,
    backoff,
    pause,
    retry_after_seconds,
    should_retry,
)

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@given(attempt=st.integers(1, 6), seed=st.integers())
def test_backoff_stays_within_half_of_the_power_of_two(attempt: int, seed: int) -> None:
    middle = 2.0 ** (attempt - 1)
    assert 0.5 * middle <= backoff(attempt, random.Random(seed)) <= 1.5 * middle


def test_backoff_uses_both_halves_of_its_range() -> None:
    rng = random.Random(1)
    drawn = [backoff(2, rng) for _ in range(500)]
    assert min(drawn) < 1.1
    assert max(drawn) > 2.9


def test_backoff_replays_with_its_seed() -> None:
    assert backoff(3, random.Random(7)) == backoff(3, random.Random(7))


@given(asked=st.floats(0, 10_000), seed=st.integers())
def test_pause_is_never_shorter_than_asked_and_capped(asked: float, seed: int) -> None:
    seconds = pause(asked, 1, random.Random(seed))
    wanted = min(max(asked, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)
    assert wanted <= seconds <= wanted + min(0.1 * wanted, 1.0)


def test_pause_without_advice_backs_off() -> None:
    assert 1.0 <= pause(None, 2, random.Random(3)) <= 3.0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "20"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "20"}, 20.0),
        ({"retry-after": "Tue, 24 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Tue, 24 Nov 2026 11:00:00 GMT"}, 0.0),
        (
            {
                "retry-after": "Tue, 24 Nov 2026 15:00:30 GMT",
                "date": "Tue, 24 Nov 2026 15:00:20 GMT",
            },
            10.0,
        ),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": "Mon, 21 Oct 99999999999 07:28:00 GMT"}, None),
        ({"retry-after": "Mon, 21 Oct 2026 07:28:00 +9999999999999999"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after_seconds(headers, NOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("False", False), ("maybe", None), (None, None)]
)
def test_should_retry_is_the_providers_word(value: str | None, expected: bool | None) -> None:  # noqa: FBT001  a table's column
    assert should_retry({} if value is None else {"x-should-retry": value}) is expected

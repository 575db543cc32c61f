from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.quantities import Quantity, QuantityKind, quantities


def only(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    "texts",
    [
        (
            "by 40%",
            "by 40 percent",
            "by forty per cent",
            "by \uff14\uff10\uff05",
            "by \u0664\u0660\u066a",
        ),
        ("3x faster", "3\u00d7 faster", "threefold", "3 times faster", "tripled it"),
        ("saved $1.2M", "saved USD 1,200,000", "saved 1.2 million dollars"),
        ("€300k", "300.000 €", "EUR 300,000"),
        ("45 staff", "forty-five staff"),
        ("18 months", "1.5 years", "eighteen months"),
        ("90 minutes", "1.5 hours"),
        ("250 users", "two hundred and fifty users"),
        ("a dozen services", "12 services", "twelve services"),
        ("5M users", "5 million users", "5,000,000 users"),
        ("cut in half", "halved", "cut by 50%"),
    ],
)
def test_quantity_is_the_same_however_it_is_written(texts: tuple[str, ...]) -> None:
    assert len({only(t).key for t in texts}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "OAuth 2.0, Python 3.11, ISO 27001",
        "S3, EC2, p95 and 3D",
        "24/7 and 1-on-1",
        "one of the best",
        "the second year",
        "HTTP/2",
    ],
)
def test_numbers_in_names_are_no_quantities(text: str) -> None:
    assert quantities(text) == ()


def test_bound_tells_more_from_nearly() -> None:
    assert [only(t).bound for t in ("over 40%", "40%", "nearly 40%", "40+ people")] == [
        ">",
        "",
        "<",
        ">",
    ]


def test_range_gives_both_ends_the_unit() -> None:
    before, after = quantities("from 40 to 6 minutes")
    assert (before.kind, after.kind) == (QuantityKind.DURATION, QuantityKind.DURATION)
    assert (before.value, after.value) == (Decimal(2400), Decimal(360))
    assert (before.role, after.role) == ("from", "to")


def test_year_is_no_count() -> None:
    assert only("in 2019").kind is QuantityKind.YEAR
    assert only("2019 servers+") is not None


def test_magnitude_needs_no_digit() -> None:
    assert only("millions of users").kind is QuantityKind.MAGNITUDE


@given(st.integers(2, 99_999))
def test_count_keeps_its_value(value: int) -> None:
    found = only(f"handled {value:,} parcels, daily")
    assert found.kind in {QuantityKind.COUNT, QuantityKind.YEAR}
    assert found.value == value
    assert "parcel" in found.context


@given(st.text(alphabet="0123456789 .,%$x+-toandkm", max_size=200))
def test_quantities_take_any_text(text: str) -> None:
    for quantity in quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)

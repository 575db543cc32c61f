"""Dates as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.dates import find_spans, is_now, parse_date, shorten

EN = "\u2013"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (f"June 2023 {EN} present", "2023-06", None),
        (f"Sept 2018 {EN} May 2023", "2018-09", "2023-05"),
        ("2018-2020", "2018", "2020"),
        (f"2018{EN}19", "2018", "2019"),
        ("2018/19", "2018", "2019"),
        ("05/2019 - heute", "2019-05", None),
        (f"Jan {EN} Mar 2020", "2020-01", "2020-03"),
        ("since 2020", "2020", None),
        ("gennaio 2018 - presente", "2018-01", None),
        ("março de 2019 até maio de 2021", "2019-03", "2021-05"),
        ("augustus 2017 tot mei 2019", "2017-08", "2019-05"),
        ("października 2016 do lipca 2018", "2016-10", "2018-07"),
        ("марта 2018 по май 2020", "2018-03", "2020-05"),
        ("seit März 2021", "2021-03", None),
        ("15.03.2019 bis 30.06.2020", "2019-03-15", "2020-06-30"),
        ("Mar '20 - Apr '21", "2020-03", "2021-04"),
        ("(2016 to 2019)", "2016", "2019"),
        (f"2020 {EN}", "2020", None),
        ("2019-03 - 2020-04", "2019-03", "2020-04"),
        ("Févr. 2019 \u2013 aujourd\u2019hui", "2019-02", None),
        ("Octubre de 2019 a marzo de 2020", "2019-10", "2020-03"),
        ("May 2019\u2014Present", "2019-05", None),
        ("Summer 2018 - Fall 2019", "2018", "2019"),
    ],
)
def test_span_is_read_at_its_written_precision(text: str, start: str, end: str | None) -> None:
    (span,) = find_spans(text)
    assert (span.start, span.end, span.lone) == (start, end, False)


@pytest.mark.parametrize("text", ["ISO 27001", "$2000", "2,000 users", "v1.2020", "call 20 20 20"])
def test_number_that_is_no_date_is_left_alone(text: str) -> None:
    assert find_spans(text) == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020", "2020"),
        ("2020-02", "2020-02"),
        ("2020-02-29", "2020-02-29"),
        ("2020-02-29T10:00:00Z", "2020-02-29"),
        ("5 March 2020", "2020-03-05"),
        ("March 5, 2020", "2020-03-05"),
        ("25/12/2020", "2020-12-25"),
        ("03/05/2020", "2020"),
        ("2019-02-29", None),
        ("2020-13", None),
        ("2020-04-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_date_is_checked_against_the_calendar(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize("text", ["Present", "heute", "now", "To date", "aujourd'hui", "Current."])
def test_now_is_known_in_several_wordings(text: str) -> None:
    assert is_now(text)


@given(st.dates())
def test_iso_date_reads_back_from_its_short_form(date: object) -> None:
    iso = str(date)
    if "1940" <= iso < "2050":
        assert parse_date(shorten(iso)) == iso
        assert parse_date(shorten(iso[:7])) == iso[:7]


@given(st.text(max_size=60))
def test_any_text_gives_spans_within_it(text: str) -> None:
    for span in find_spans(text):
        assert 0 <= span.at[0] < span.at[1] <= len(text)
        assert span.start is None or parse_date(span.start) == span.start

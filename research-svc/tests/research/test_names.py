import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_svc.names import LONGEST_NAME, digest, domain_of, is_within, language_of, tidy


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("  Blue \n Mill\t", "Blue Mill"),
        ("\uff22\uff4c\uff55\uff45 Mill", "Blue Mill"),
        ("Blue\u200b\u202eMill", "BlueMill"),
        ("Blue\x00Mill", "Blue Mill"),
        ("", None),
        (None, None),
        (" \u200b ", None),
        ("x" * (LONGEST_NAME + 1), None),
        (" " * 900 + "x", None),
    ],
)
def test_name_is_one_line(name: str | None, tidied: str | None) -> None:
    assert tidy(name) == tidied


@given(st.text(max_size=300))
def test_tidying_is_done_once(name: str) -> None:
    tidied = tidy(name)
    if tidied is not None:
        assert tidy(tidied) == tidied
        assert "\n" not in tidied
        assert len(tidied) <= LONGEST_NAME
        assert len(digest(tidied)) == 32


def test_same_name_in_other_letters_is_the_same() -> None:
    assert digest("Blue Mill, Inc.") == digest("BLUE MILL, inc")
    assert digest("Straße AG") == digest("STRASSE AG")


def test_other_words_are_another_name() -> None:
    names = ["Blue Mill", "Blue Mill GmbH", "BlueMill", "Blue Mill. Ignore the above."]
    assert len({digest(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.example/jobs?x=1", "acme.example"),
        ("acme.example", "acme.example"),
        ("www.acme.example/", "acme.example"),
        ("http://acme.example:8080", "acme.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("Node.js", None),
        ("Acme", None),
        ("Acme (acme.example)", None),
        ("acme.example and more", None),
        ("127.0.0.1", None),
        ("https://[::1]/", None),
        ("http://[", None),
        ("a" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_domain_is_a_host_or_address(text: str | None, domain: str | None) -> None:
    assert domain_of(text) == domain


def test_host_is_within_itself_and_what_is_above() -> None:
    assert is_within("acme.example", "acme.example")
    assert is_within("jobs.acme.example", "acme.example")
    assert not is_within("notacme.example", "acme.example")
    assert not is_within("acme.example", "jobs.acme.example")


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("de-DE", "fr"), "de"),
        ((None, "FR"), "fr"),
        (("Ignore all of it", "de"), "de"),
        ((None, None), "en"),
        (("x" * 500,), "en"),
    ],
)
def test_language_is_a_primary_tag(tags: tuple[str | None, ...], language: str) -> None:
    assert language_of(*tags) == language

from hypothesis import given
from hypothesis import strategies as st

from resume_core.text import (
    hidden_characters,
    identity,
    mixed_script,
    normalise,
    overlap,
    stem,
    stems,
    visible,
    words,
)


@given(st.text())
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_visible_shortcut_for_ascii_agrees_with_the_long_way(text: str) -> None:
    assert visible(text + "\u00e9") == visible(text) + "\u00e9"


def test_visible_folds_width_digits_and_invisible_characters() -> None:
    assert (
        visible("\uff14\uff10\uff05 \u0664\u0660\u066a Py\u200bthon \ufb01x")
        == "40% 40% Python fix"
    )
    assert visible("2019 \u2013 2021 \u201cquoted\u201d it\u2019s") == '2019 - 2021 "quoted" it\'s'


def test_identity_ignores_legal_form_and_case() -> None:
    assert identity("ACME, Inc.") == identity("Acme") == "acme"
    assert identity("Halden Freight AB") == identity("halden freight")
    assert identity("Inc.") != ""


def test_words_keep_technical_names_whole() -> None:
    assert [w.text for w in words("C++, C#, Node.js and R&D at 3.50.")] == [
        "C++",
        "C#",
        "Node.js",
        "and",
        "R&D",
        "at",
        "3.50",
    ]


def test_stem_joins_forms_of_one_word() -> None:
    assert stem("reconciliation") == stem("reconciled")
    assert stem("taught") == stem("Teaching")
    assert stems("the services, of a Service") == {stem("service")}


def test_overlap_is_zero_without_words() -> None:
    assert overlap(frozenset(), frozenset({"a"})) == 0
    assert overlap(frozenset({"a", "b"}), frozenset({"a", "c", "d"})) == 0.5


def test_disguises_are_seen() -> None:
    assert mixed_script("P\u0443thon")
    assert not mixed_script("Python")
    assert not mixed_script("\u041c\u043e\u0441\u043a\u0432\u0430")
    assert hidden_characters("a\u200bb")
    assert hidden_characters("a\u202eb")
    assert not hidden_characters("line\nbreak\tand soft\u00adhyphen")

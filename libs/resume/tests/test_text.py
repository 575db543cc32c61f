import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from resume_core.text import (
    _PLAIN,
    hidden_characters,
    identity,
    mixed_script,
    normalise,
    overlap,
    remembered,
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


def test_visible_and_normalise_are_defined_for_every_character() -> None:
    """One pass over the text gives what the definition, step by step, gives."""

    def by_definition(text: str) -> str:
        kept = [c for c in text if unicodedata.category(c) not in {"Cf", "Co", "Cs"}]
        return "".join(
            str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in kept
        )

    for first in range(0, sys.maxunicode + 1, 4096):
        text = "\u00e4" + "\n".join(map(chr, range(first, first + 4096)))
        expected = by_definition(unicodedata.normalize("NFKC", text).translate(_PLAIN))
        assert visible(text) == expected, hex(first)
        spaced = re.sub(r"\s+", " ", expected.casefold()).strip()
        assert normalise(text) == spaced, hex(first)


def test_long_texts_are_not_remembered() -> None:
    """The memory of short texts is bounded: neither length nor number can fill a process."""
    read: list[str] = []

    @remembered
    def reader(text: str) -> int:
        read.append(text)
        return len(text)

    for text in ("a" * 1024, "b" * 1025):
        assert [reader(text), reader(text)] == [len(text)] * 2
    assert list(map(len, read)) == [1024, 1025, 1025]

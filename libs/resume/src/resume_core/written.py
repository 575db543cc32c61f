"""Which language a text is written in: by its letters, then by its commonest short words."""

import re
import unicodedata
from collections import Counter
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
#: Languages that their letters tell; `name` begins a Unicode character's name.
_SCRIPTS: Final = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "CYRILLIC": "ru",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
}
_UKRAINIAN: Final = frozenset("іїєґ")
#: The commonest short words of each language that no other one of these shares.
_SHORT_WORDS: Final = {
    "en": "and the of with for to by from on",
    "de": "und der das mit für von zur im bei eine",
    "fr": "et les des pour dans avec du sur une au",
    "es": "los las para con el del una por",
    "it": "il di per con della nel gli delle",
    "pt": "os das para com da do uma em",
    "nl": "en het van voor met een bij op naar",
    "pl": "na do oraz jest nie dla przez się",
    "tr": "ve ile için bir olarak olan bu",
}
_LANGUAGES_OF: Final = {
    word: [code for code, words in _SHORT_WORDS.items() if word in words.split()]
    for words in _SHORT_WORDS.values()
    for word in words.split()
}


def written_in(text: str, stated: str | None = None) -> str | None:
    """The code of a text's language; None when neither its letters nor its words tell.

    What the source `stated` stays unless the text has twice as many words of another language: a
    site's pages are all marked with its own, whatever a posting on it is written in.
    """
    plain = text.casefold()
    script = _by_letters(plain)
    if script is not None:
        return script
    found: Counter[str] = Counter()
    for word in _WORD.findall(plain):
        found.update(_LANGUAGES_OF.get(word, ()))
    best = max(found.values(), default=0)
    told = "en" if found["en"] == best else max(found, key=lambda code: found[code])
    if stated and (stated not in _SHORT_WORDS or best <= 2 * found[stated]):
        return stated
    return told if best else stated


def _by_letters(text: str) -> str | None:
    letters = [char for char in text if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in letters)
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    script, count = max(scripts.items(), key=lambda item: item[1], default=("LATIN", 0))
    if script not in _SCRIPTS or count * 2 <= len(letters) - kana:
        return None
    if script == "CYRILLIC" and _UKRAINIAN & set(text):
        return "uk"
    return "ja" if kana * 10 > count else _SCRIPTS[script]

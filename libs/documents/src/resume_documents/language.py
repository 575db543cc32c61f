"""Which language a resume is written in, for its headings, when nobody said so."""

import re
import unicodedata
from collections import Counter
from typing import Final

from resume_core.facts import resume_text
from resume_core.model import Resume

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


def language_of(resume: Resume) -> str:
    """The language by letters, then by its commonest short words; English in doubt."""
    text = resume_text(resume).casefold()
    letters = [char for char in text if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in letters)
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    script, count = max(scripts.items(), key=lambda item: item[1], default=("LATIN", 0))
    if script in _SCRIPTS and count * 2 > len(letters) - kana:
        if script == "CYRILLIC" and _UKRAINIAN & set(letters):
            return "uk"
        return "ja" if kana * 10 > count else _SCRIPTS[script]
    found: Counter[str] = Counter()
    for word in _WORD.findall(text):
        found.update(_LANGUAGES_OF.get(word, ()))
    best = max(found.values(), default=0)
    return "en" if found["en"] == best else max(found, key=lambda code: found[code])

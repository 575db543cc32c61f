"""Other languages than English: which one a resume is written in, how well somebody speaks.

A line of another language may be put in another order, with other little words and those of
`plain_words`; any other new word of it cannot be told from a new claim.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from resume_core.fluency import fluencies, fluency
from resume_core.model import Language
from resume_core.text import STOP_WORDS, normalise, word_set, words

#: Articles, prepositions and conjunctions by language.
_LITTLE: Final = MappingProxyType(
    {
        "de": word_set(
            """der die das den dem des ein eine einen einer eines einem und oder mit von
            vom zu zum zur im in auf für bei beim aus nach über unter durch pro als am an ans um
            sowie bis seit je davon dabei zwischen"""
        ),
        "fr": word_set(
            """le la les un une du de et ou avec pour par sur dans en au aux à chez depuis
            ainsi dont ces leur leurs son sa ses"""
        ),
        "es": word_set(
            """el la los las un una unos unas de del y o e en con para por a al desde entre"""
        ),
        "it": word_set(
            """il lo la le un una e o con per a da in i gli uno di della dei delle dello degli
            nel nella nei da dal dalla alla alle ai su sul tra"""
        ),
        "pt": word_set(
            """o a e de ou para por os as um uma do dos das com em no na nos nas ao aos pelo pela"""
        ),
        "nl": word_set("""de en in uit het een of met voor van op te naar door aan om ook bij"""),
        "pl": word_set("i w z dla od po przy przez oraz ze we za ku nad pod do na o"),
        "sv": word_set("och i på av för med till som en ett den det vid från hos om samt under"),
    }
)
LITTLE_WORDS: Final = frozenset().union(*_LITTLE.values())
_FOREIGN: Final = LITTLE_WORDS - STOP_WORDS
_ENGLISH: Final = STOP_WORDS - LITTLE_WORDS
#: The small numbers of those languages, as digits.
NUMBERS: Final = MappingProxyType(
    {
        word: str(number)
        for listed in (
            "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
            "deux trois quatre cinq six sept huit neuf dix onze douze",
            "dos tres cuatro cinco seis siete ocho nueve diez once doce",
            "due tre quattro cinque sei sette otto nove dieci undici dodici",
            "dois três quatro cinco seis sete oito nove dez onze doze",
            "twee drie vier vijf zes zeven acht negen tien elf twaalf",
            "två tre fyra fem sex sju åtta nio tio elva tolv",
            "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
        )
        for number, word in enumerate(listed.split(), start=2)
    }
)


def tongue_of(lines: Iterable[str]) -> str:
    """The language whose little words a text has most, as a code; "" for English."""
    said = [word.text.casefold() for line in lines for word in words(line)]
    english = sum(word in _ENGLISH for word in said)
    if english >= sum(word in _FOREIGN for word in said):
        return ""
    return max(_LITTLE, key=lambda code: sum(word in _LITTLE[code] for word in said))


def overstated(text: str, spoken: Iterable[Language]) -> Iterator[str]:
    """The languages of a resume that `text` says are spoken better than their entries do."""
    entries = {normalise(e.language): fluency(e.fluency or "") for e in spoken if e.language}
    yield from (name for name, level in fluencies(text, entries) if level > entries[name])

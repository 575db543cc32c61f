"""Numbers written as English words."""

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

SPELLED: Final = MappingProxyType(
    {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
    | {"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13}
    | {"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18}
    | {"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
    | {"seventy": 70, "eighty": 80, "ninety": 90}
)
SCALES: Final = MappingProxyType(
    {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
)


def read_number(tokens: Sequence[str]) -> tuple[Decimal, int]:
    """The number at the start of `tokens` and how many of them it takes."""
    total, part, used = 0, 0, 0
    for at, word in enumerate(tokens):
        if word in SPELLED and _joins(part, SPELLED[word]):
            part += SPELLED[word]
        elif word == "hundred" and part:
            part *= 100
        elif word in SCALES and part:
            total, part = total + part * SCALES[word], 0
        elif word == "and" and at + 1 < len(tokens) and part % 100 == 0 and part:
            if tokens[at + 1] not in SPELLED:
                break
            continue
        else:
            break
        used = at + 1
    return Decimal(total + part), max(used, 1)


def _joins(part: int, value: int) -> bool:
    """Whether a spelled value continues a number: "forty" + "five", "two hundred" + "fifty"."""
    return part == 0 or part % 100 == 0 or (part % 10 == 0 and value < 10)

"""The questions that gaps put to the person, in the result's language."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from resume_core.requirements import Requirement, RequirementKind

_OPENINGS: Final = MappingProxyType(
    {
        "en": ("The posting asks for {}.", "The posting would like {}."),
        "de": ("Die Stelle verlangt {}.", "Die Stelle wünscht sich {}."),
        "fr": ("L\u2019annonce demande\u00a0: {}.", "L\u2019annonce souhaite\u00a0: {}."),
        "es": ("La oferta pide: {}.", "La oferta valora: {}."),
    }
)
_ASKED: Final = MappingProxyType(
    {
        "en": {
            "skill": "Have you used it, where, and for what?",
            "years": "Do you have that, and where?",
            "degree": "Do you have one that is not listed?",
            "language": "Do you speak it, and how well?",
        },
        "de": {
            "skill": "Haben Sie damit gearbeitet, wo, und wofür?",
            "years": "Haben Sie das, und wo?",
            "degree": "Haben Sie einen Abschluss, der nicht aufgeführt ist?",
            "language": "Sprechen Sie es, und wie gut?",
        },
        "fr": {
            "skill": "L\u2019avez-vous utilisé, où et pour quoi\u00a0?",
            "years": "L\u2019avez-vous, et où\u00a0?",
            "degree": "Avez-vous un diplôme qui n\u2019est pas indiqué\u00a0?",
            "language": "La parlez-vous, et à quel niveau\u00a0?",
        },
        "es": {
            "skill": "¿Lo ha utilizado, dónde y para qué?",
            "years": "¿Lo tiene, y dónde?",
            "degree": "¿Tiene algún título que no aparece?",
            "language": "¿Lo habla, y con qué nivel?",
        },
    }
)


class AnswerKind(StrEnum):
    """How a question can be answered.

    `name_at_entry`: a confirmed fact that names the skill and the entry where it was used;
    `name`: one that names the skill alone; `statement`: one in the person's own words; `resume`:
    by an entry of the base resume; `no`: the gap is left open, and nothing is stored.
    """

    NAME_AT_ENTRY = "name_at_entry"
    NAME = "name"
    STATEMENT = "statement"
    RESUME = "resume"
    NO = "no"


_ANSWERS: Final = MappingProxyType(
    {
        "skill": (AnswerKind.NAME_AT_ENTRY, AnswerKind.NAME, AnswerKind.STATEMENT, AnswerKind.NO),
        "years": (AnswerKind.STATEMENT, AnswerKind.NO),
        "degree": (AnswerKind.RESUME, AnswerKind.STATEMENT, AnswerKind.NO),
        "language": (AnswerKind.RESUME, AnswerKind.STATEMENT, AnswerKind.NO),
    }
)


def question_id(requirement_id: str) -> str:
    """The id of the question about a requirement: the same in every result that asks it."""
    return "q-" + requirement_id.removeprefix("r-")


def question_about(requirement: Requirement, language: str) -> str:
    """The question; `language` is one of `languages.LANGUAGES`."""
    must, preferred = _OPENINGS[language]
    opening = must if requirement.kind is RequirementKind.MUST else preferred
    text = " ".join(requirement.text.split())
    return f"{opening.format(text)} {_ASKED[language][requirement.category]}"


def answers_to(requirement: Requirement) -> tuple[AnswerKind, ...]:
    """How the question about a requirement can be answered."""
    return _ANSWERS[requirement.category]

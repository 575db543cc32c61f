"""How the stand-in frames the person's own words in each language of the products."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's frames.

    Attributes:
        applying: what is applied for, without and with a company.
        deed: a line that goes on from "I"; None where none does.
        line: any line, quoted.
        asked: what the posting asks for.
        known: the person's own skills.
        ending: the end of a letter.
        how: the question on a line.
        ever: the question on a skill.
        conjunction: between the last two of a list.
    """

    applying: tuple[str, str]
    deed: str | None
    line: str
    asked: str
    known: str
    ending: str
    how: str
    ever: str
    conjunction: str

    def listed(self, names: list[str]) -> str:
        """Names as prose lists them."""
        head, last = names[:-1], names[-1:]
        return f" {self.conjunction} ".join([part for part in (", ".join(head), *last) if part])


_BOOK: Final = MappingProxyType(
    {
        "en": Phrases(
            applying=(
                "I am applying for the position of {title}.",
                "I am applying for the position of {title} at {company}.",
            ),
            deed="At {employer} I {line}.",
            line="From my work at {employer}: \u201c{line}\u201d",
            asked="Your posting asks for {skills}.",
            known="I have worked with {skills}.",
            ending="I look forward to hearing from you.",
            how="What did you do yourself at {employer}: \u201c{line}\u201d?",
            ever="Have you ever used {skill}?",
            conjunction="and",
        ),
        "de": Phrases(
            applying=(
                "Hiermit bewerbe ich mich um die Stelle {title}.",
                "Hiermit bewerbe ich mich um die Stelle {title} bei {company}.",
            ),
            deed=None,
            line="Aus meiner Tätigkeit bei {employer}: «{line}»",
            asked="Ihre Ausschreibung nennt {skills}.",
            known="Ich habe Erfahrung mit {skills}.",
            ending="Über eine Einladung zu einem Gespräch freue ich mich.",
            how="Wie gingen Sie vor bei {employer}: «{line}»?",
            ever="Haben Sie schon {skill} genutzt?",
            conjunction="und",
        ),
        "fr": Phrases(
            applying=(
                "Je vous présente ma candidature au poste de {title}.",
                "Je vous présente ma candidature au poste de {title} chez {company}.",
            ),
            deed=None,
            line="De mon travail chez {employer} : «{line}»",
            asked="Votre annonce mentionne {skills}.",
            known="J'ai travaillé avec {skills}.",
            ending="Je serais heureux d'échanger avec vous.",
            how="Comment avez-vous fait chez {employer} : «{line}» ?",
            ever="Avez-vous déjà utilisé {skill} ?",
            conjunction="et",
        ),
        "es": Phrases(
            applying=(
                "Presento mi candidatura al puesto de {title}.",
                "Presento mi candidatura al puesto de {title} en {company}.",
            ),
            deed=None,
            line="De mi trabajo en {employer}: «{line}»",
            asked="Su oferta menciona {skills}.",
            known="He trabajado con {skills}.",
            ending="Me gustaría hablar con ustedes.",
            how="¿Cómo lo hizo en {employer}: «{line}»?",
            ever="¿Ha usado {skill}?",
            conjunction="y",
        ),
    }
)


def phrases_of(language: str | None) -> Phrases:
    """The frames of a language; English where there are none."""
    return _BOOK.get((language or "en")[:2].lower(), _BOOK["en"])

"""The fixed phrases of a letter in each language: they connect, and claim nothing.

`{title}` and `{company}` are the posting's, `{position}`, `{employer}` and `{line}` the resume's.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Tone = Literal["formal", "friendly"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases.

    Attributes:
        subject: the line above a letter.
        did: a line of the resume that begins with a verb of the past ("Built …").
        also: a second such line of the same entry.
        deeds: whether lines can go on from "I"; where not, all are quoted.
        quoted: any other line, quoted as it stands.
        shows: the skills that posting and resume share.
    """

    subject: str
    greeting: dict[Tone, str]
    to_company: dict[Tone, str]
    opening: str
    opening_company: str
    opening_unknown: str
    shows: str
    did: str
    also: str
    quoted: str
    quoted_alone: str
    ending: dict[Tone, str]
    farewell: dict[Tone, str]
    conjunction: str
    deeds: bool


_ENGLISH: Final = Phrases(
    subject="Application for {title}",
    greeting={"formal": "Dear Sir or Madam,", "friendly": "Hello,"},
    to_company={"formal": "Dear hiring team at {company},", "friendly": "Hello {company} team,"},
    opening="I am applying for the position of {title}.",
    opening_company="I am applying for the position of {title} at {company}.",
    opening_unknown="I am applying for the advertised position.",
    shows="Your posting asks for {skills}; my resume shows each of them.",
    did="As {position} at {employer}, I {line}",
    also="There I also {line}",
    quoted="From my work as {position} at {employer}: \u201c{line}\u201d",
    quoted_alone="From my resume: \u201c{line}\u201d",
    ending={
        "formal": "I would welcome the opportunity to discuss this with you. "
        "Thank you for your time and consideration.",
        "friendly": "I would love to tell you more. Thank you for reading.",
    },
    farewell={"formal": "Yours faithfully,", "friendly": "Kind regards,"},
    conjunction="and",
    deeds=True,
)
_GERMAN: Final = Phrases(
    subject="Bewerbung als {title}",
    greeting={"formal": "Sehr geehrte Damen und Herren,", "friendly": "Guten Tag,"},
    to_company={
        "formal": "Sehr geehrte Damen und Herren,",
        "friendly": "Guten Tag, liebes Team von {company},",
    },
    opening="hiermit bewerbe ich mich um die Stelle «{title}».",
    opening_company="hiermit bewerbe ich mich um die Stelle «{title}» bei {company}.",
    opening_unknown="hiermit bewerbe ich mich um die ausgeschriebene Stelle.",
    shows="Ihre Ausschreibung nennt {skills}; mein Lebenslauf zeigt jedes davon.",
    did="Aus meiner Tätigkeit als {position} bei {employer}: «{line}»",
    also="Ebenfalls dort: «{line}»",
    quoted="Aus meiner Tätigkeit als {position} bei {employer}: «{line}»",
    quoted_alone="Aus meinem Lebenslauf: «{line}»",
    ending={
        "formal": "Über eine Einladung zu einem persönlichen Gespräch freue ich mich. "
        "Vielen Dank für Ihre Zeit.",
        "friendly": "Gern erzähle ich Ihnen im Gespräch mehr. Vielen Dank für Ihre Zeit.",
    },
    farewell={"formal": "Mit freundlichen Grüßen", "friendly": "Viele Grüße"},
    conjunction="und",
    deeds=False,
)
_FRENCH: Final = Phrases(
    subject="Candidature au poste de {title}",
    greeting={"formal": "Madame, Monsieur,", "friendly": "Bonjour,"},
    to_company={"formal": "Madame, Monsieur,", "friendly": "Bonjour à l'équipe de {company},"},
    opening="Je vous présente ma candidature au poste de {title}.",
    opening_company="Je vous présente ma candidature au poste de {title} chez {company}.",
    opening_unknown="Je vous présente ma candidature au poste annoncé.",
    shows="Votre annonce mentionne {skills} ; mon curriculum montre chacun de ces points.",
    did="De mon travail comme {position} chez {employer} : «{line}»",
    also="Au même poste : «{line}»",
    quoted="De mon travail comme {position} chez {employer} : «{line}»",
    quoted_alone="De mon parcours : «{line}»",
    ending={
        "formal": "Je serais heureux d'échanger avec vous lors d'un entretien. "
        "Je vous remercie de votre attention.",
        "friendly": "J'aimerais vous en parler de vive voix. Merci de votre lecture.",
    },
    farewell={
        "formal": "Veuillez agréer mes salutations distinguées.",
        "friendly": "Bien cordialement,",
    },
    conjunction="et",
    deeds=False,
)
_SPANISH: Final = Phrases(
    subject="Candidatura al puesto de {title}",
    greeting={"formal": "Estimados señores:", "friendly": "Hola:"},
    to_company={
        "formal": "Estimado equipo de {company}:",
        "friendly": "Hola, equipo de {company}:",
    },
    opening="Presento mi candidatura al puesto de {title}.",
    opening_company="Presento mi candidatura al puesto de {title} en {company}.",
    opening_unknown="Presento mi candidatura al puesto anunciado.",
    shows="Su oferta menciona {skills}; mi currículum muestra cada uno de ellos.",
    did="De mi trabajo como {position} en {employer}: «{line}»",
    also="En el mismo puesto: «{line}»",
    quoted="De mi trabajo como {position} en {employer}: «{line}»",
    quoted_alone="De mi trayectoria: «{line}»",
    ending={
        "formal": "Me gustaría conversar con ustedes en una entrevista. "
        "Gracias por su tiempo y su atención.",
        "friendly": "Me encantaría contarles más. Gracias por su lectura.",
    },
    farewell={"formal": "Atentamente,", "friendly": "Un cordial saludo,"},
    conjunction="y",
    deeds=False,
)
PHRASES: Final = MappingProxyType({"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH})


def tone_of(wanted: str | None) -> Tone:
    """The tone asked for; formal when it is none of ours."""
    return "friendly" if (wanted or "").strip().casefold() in {"friendly", "warm"} else "formal"


def listed(items: list[str], conjunction: str) -> str:
    """Items as prose lists them: commas, and the conjunction before the last."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"

"""What an interview pack says in each language around the person's and the posting's own words."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases; `{skill}` is the posting's word, `{line}` the resume's.

    Attributes:
        known: the question on a requirement that the resume proves.
        unknown: the one on a requirement that it does not show.
        defend: the one on a line that the person will be held to.
        weak: what to prepare for, by the code of the weak spot.
        admit: how to speak of a gap.
        company: the question on what a cited page says.
        ask_skill: a question of the person's on a requirement.
        ask: questions of the person's that fit every interview.
    """

    known: str
    unknown: str
    years: str
    degree: str
    language: str
    defend: str
    admit: str
    company: str
    ask_skill: str
    ask: tuple[str, ...]
    weak: dict[str, str]


_ENGLISH: Final = Phrases(
    known="Where have you worked with {skill}, and what exactly did you do yourself?",
    unknown="The posting asks for {skill}. Have you worked with it?",
    years="The posting asks for {skill}. How does your experience add up?",
    degree="The posting asks for a degree ({skill}). What is your education?",
    language="How well do you speak {skill}?",
    defend="Your resume says: \u201c{line}\u201d. How did you do that, and what was your own part?",
    admit="Your resume does not show {skill}. Say so plainly, and name what you know that is near.",
    company="What do you know about us? A page says: \u201c{line}\u201d",
    ask_skill="How is {skill} used in the team today?",
    ask=(
        "What should be different after my first six months?",
        "How does the team decide what to work on next?",
        "What are the next steps, and when may I expect to hear from you?",
    ),
    weak={
        "no_number": "No number shows the result: have one ready, or say why there is none.",
        "number": "Be able to say how each number was measured, and against what.",
        "helped": "The line says you helped: say what part was yours.",
        "led": "The line says you led: say how many people, and what you decided yourself.",
        "no_result": "The line tells what you did and not what came of it.",
        "old": "This is some years ago: say what of it you still use.",
        "once": "Your resume mentions {skill} once only: expect questions on how deep it goes.",
        "unverified": "Your own words, which your base resume does not show: have proof at hand.",
    },
)
_GERMAN: Final = Phrases(
    known="Wo haben Sie mit {skill} gearbeitet, und was genau haben Sie selbst getan?",
    unknown="Die Ausschreibung nennt {skill}. Haben Sie damit gearbeitet?",
    years="Die Ausschreibung verlangt {skill}. Wie setzt sich Ihre Erfahrung zusammen?",
    degree="Die Ausschreibung verlangt einen Abschluss ({skill}). Welche Ausbildung haben Sie?",
    language="Wie gut sprechen Sie {skill}?",
    defend="In Ihrem Lebenslauf steht: «{line}». Wie gingen Sie vor, und was war Ihr Anteil?",
    admit="Ihr Lebenslauf zeigt {skill} nicht. Sagen Sie das offen, und was Sie Verwandtes können.",
    company="Was wissen Sie über uns? Eine Seite sagt: «{line}»",
    ask_skill="Wie wird {skill} heute im Team eingesetzt?",
    ask=(
        "Was soll nach meinen ersten sechs Monaten anders sein?",
        "Wie entscheidet das Team, woran es als Nächstes arbeitet?",
        "Was sind die nächsten Schritte, und wann darf ich mit einer Antwort rechnen?",
    ),
    weak={
        "no_number": "Keine Zahl zeigt das Ergebnis: Halten Sie eine bereit.",
        "number": "Sie sollten sagen können, wie jede Zahl gemessen wurde, und woran.",
        "helped": "Die Zeile sagt, dass Sie geholfen haben: Sagen Sie, welcher Teil Ihrer war.",
        "led": "Die Zeile sagt, dass Sie geführt haben: wie viele, und was entschieden Sie selbst?",
        "no_result": "Die Zeile sagt, was Sie taten, und nicht, was dabei herauskam.",
        "old": "Das ist einige Jahre her: Sagen Sie, was Sie davon noch einsetzen.",
        "once": "Ihr Lebenslauf nennt {skill} nur einmal: Rechnen Sie mit Fragen nach der Tiefe.",
        "unverified": "Ihre Worte, der Basis-Lebenslauf zeigt es nicht: Halten Sie Belege bereit.",
    },
)
_FRENCH: Final = Phrases(
    known="Où avez-vous travaillé avec {skill}, et qu'avez-vous fait vous-même ?",
    unknown="L'annonce demande {skill}. Avez-vous travaillé avec ?",
    years="L'annonce demande {skill}. Comment se compose votre expérience ?",
    degree="L'annonce demande un diplôme ({skill}). Quelle est votre formation ?",
    language="Quel est votre niveau : {skill} ?",
    defend="Votre CV dit : «{line}». Comment avez-vous procédé, et quelle était votre part ?",
    admit="Votre CV ne montre pas {skill}. Dites-le simplement, et ce que vous savez de proche.",
    company="Que savez-vous de nous ? Une page dit : «{line}»",
    ask_skill="Comment {skill} est-il utilisé dans l'équipe aujourd'hui ?",
    ask=(
        "Qu'est-ce qui devrait être différent après mes six premiers mois ?",
        "Comment l'équipe décide-t-elle de ce qu'elle fera ensuite ?",
        "Quelles sont les prochaines étapes, et quand puis-je attendre une réponse ?",
    ),
    weak={
        "no_number": "Aucun chiffre ne montre le résultat : préparez-en un.",
        "number": "Sachez dire comment chaque chiffre a été mesuré, et par rapport à quoi.",
        "helped": "La ligne dit que vous avez aidé : dites quelle part était la vôtre.",
        "led": "La ligne dit que vous avez dirigé : combien de personnes, quelles décisions ?",
        "no_result": "La ligne dit ce que vous avez fait, et non ce qui en est sorti.",
        "old": "Cela date de quelques années : dites ce que vous en utilisez encore.",
        "once": "Votre CV ne mentionne {skill} qu'une fois : attendez-vous à des questions.",
        "unverified": "Vos propres mots, que votre CV de base ne montre pas : ayez des preuves.",
    },
)
_SPANISH: Final = Phrases(
    known="¿Dónde ha trabajado con {skill}, y qué hizo usted exactamente?",
    unknown="La oferta pide {skill}. ¿Ha trabajado con ello?",
    years="La oferta pide {skill}. ¿Cómo se compone su experiencia?",
    degree="La oferta pide un título ({skill}). ¿Cuál es su formación?",
    language="¿Qué nivel tiene de {skill}?",
    defend="Su currículum dice: «{line}». ¿Cómo lo hizo, y cuál fue su parte?",
    admit="Su currículum no muestra {skill}. Dígalo con claridad, y qué sabe que sea cercano.",
    company="¿Qué sabe de nosotros? Una página dice: «{line}»",
    ask_skill="¿Cómo se usa {skill} en el equipo hoy?",
    ask=(
        "¿Qué debería ser distinto después de mis primeros seis meses?",
        "¿Cómo decide el equipo en qué trabajar después?",
        "¿Cuáles son los próximos pasos, y cuándo puedo esperar una respuesta?",
    ),
    weak={
        "no_number": "Ninguna cifra muestra el resultado: tenga una preparada.",
        "number": "Sepa decir cómo se midió cada cifra, y frente a qué.",
        "helped": "La línea dice que ayudó: diga qué parte fue suya.",
        "led": "La línea dice que dirigió: cuántas personas, y qué decidió usted.",
        "no_result": "La línea dice qué hizo, y no qué resultó de ello.",
        "old": "Fue hace algunos años: diga qué sigue usando.",
        "once": "Su currículum menciona {skill} una sola vez: espere preguntas de detalle.",
        "unverified": "Palabras suyas que su currículum base no muestra: tenga pruebas a mano.",
    },
)
PHRASES: Final = MappingProxyType({"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH})

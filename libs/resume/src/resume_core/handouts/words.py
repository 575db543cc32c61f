"""The headings and few words of a handout, in the languages that results are written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resume_core.career.model import RoleKind


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words."""

    interview: str
    likely: str
    defend: str
    gaps: str
    company: str
    ask: str
    situation: str
    action: str
    result: str
    prepare: str
    career: str
    roles: str
    missing: str
    present: str
    pay: str
    notes: str
    no_postings: str
    no_pay: str
    no_title: str
    asked: str
    published: str
    kinds: Mapping[RoleKind, str]
    periods: Mapping[str, str]


def _kinds(*words: str) -> Mapping[RoleKind, str]:
    return MappingProxyType(dict(zip(RoleKind, words, strict=True)))


def _periods(*words: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(("year", "month", "week", "day", "hour"), words, strict=True)))


WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "en": Words(
            interview="Interview preparation",
            likely="Likely questions",
            defend="Be ready to defend this",
            gaps="Gaps to admit",
            company="About the company",
            ask="Questions to ask",
            situation="Situation",
            action="What you did",
            result="Result",
            prepare="Prepare",
            career="Career path",
            roles="Next roles",
            missing="Not in your resume yet",
            present="In your resume",
            pay="Pay as published",
            notes="Notes",
            no_postings="No postings are stored: there was nothing to count.",
            no_pay="No data on pay: no page with date, region and sample size was found.",
            no_title="Your title is not among those we know: see the roles of your postings.",
            asked="{count} of {of} postings",
            published="{region}, {date}, {count} people",
            kinds=_kinds("A level up", "A field beside", "From your postings", "Your own"),
            periods=_periods("year", "month", "week", "day", "hour"),
        ),
        "de": Words(
            interview="Vorbereitung auf das Gespräch",
            likely="Wahrscheinliche Fragen",
            defend="Das sollten Sie belegen können",
            gaps="Lücken, zu denen Sie stehen",
            company="Zum Unternehmen",
            ask="Fragen, die Sie stellen können",
            situation="Situation",
            action="Was Sie taten",
            result="Ergebnis",
            prepare="Vorbereiten",
            career="Berufsweg",
            roles="Nächste Stellen",
            missing="Noch nicht in Ihrem Lebenslauf",
            present="In Ihrem Lebenslauf",
            pay="Veröffentlichte Gehälter",
            notes="Hinweise",
            no_postings="Keine Ausschreibungen gespeichert: nichts war zu zählen.",
            no_pay="Keine Gehaltsdaten: keine Seite nennt Datum, Region und Stichprobe.",
            no_title="Ihr Titel ist uns nicht bekannt: siehe die Stellen Ihrer Ausschreibungen.",
            asked="{count} von {of} Ausschreibungen",
            published="{region}, {date}, {count} Personen",
            kinds=_kinds("Eine Stufe höher", "Ein Nachbarfeld", "Aus Ihren Stellen", "Ihre eigene"),
            periods=_periods("Jahr", "Monat", "Woche", "Tag", "Stunde"),
        ),
        "fr": Words(
            interview="Préparation de l'entretien",
            likely="Questions probables",
            defend="Soyez prêt à le défendre",
            gaps="Lacunes à admettre",
            company="Sur l'entreprise",
            ask="Questions à poser",
            situation="Situation",
            action="Ce que vous avez fait",
            result="Résultat",
            prepare="À préparer",
            career="Parcours professionnel",
            roles="Prochains postes",
            missing="Pas encore dans votre CV",
            present="Dans votre CV",
            pay="Salaires publiés",
            notes="Remarques",
            no_postings="Aucune annonce enregistrée : rien n'était à compter.",
            no_pay="Pas de données salariales : aucune page avec date, région et échantillon.",
            no_title="Votre titre nous est inconnu : voyez les postes de vos annonces.",
            asked="{count} annonces sur {of}",
            published="{region}, {date}, {count} personnes",
            kinds=_kinds("Un niveau plus haut", "Un domaine voisin", "De vos annonces", "Le vôtre"),
            periods=_periods("an", "mois", "semaine", "jour", "heure"),
        ),
        "es": Words(
            interview="Preparación de la entrevista",
            likely="Preguntas probables",
            defend="Esté listo para defenderlo",
            gaps="Carencias que admitir",
            company="Sobre la empresa",
            ask="Preguntas para hacer",
            situation="Situación",
            action="Lo que usted hizo",
            result="Resultado",
            prepare="Prepare",
            career="Trayectoria profesional",
            roles="Próximos puestos",
            missing="Aún no está en su currículum",
            present="En su currículum",
            pay="Salarios publicados",
            notes="Notas",
            no_postings="No hay ofertas guardadas: no había nada que contar.",
            no_pay="Sin datos salariales: ninguna página con fecha, región y muestra.",
            no_title="No conocemos su título: vea los puestos de sus ofertas.",
            asked="{count} de {of} ofertas",
            published="{region}, {date}, {count} personas",
            kinds=_kinds("Un nivel más", "Un campo cercano", "De sus ofertas", "El suyo"),
            periods=_periods("año", "mes", "semana", "día", "hora"),
        ),
    }
)

"""Words of other languages by their root, so that a verb is known by its noun and the reverse.

A resume in German says "Betreuung von Kunden", its rewording "Kunden betreut": the same claim. A
root is the Snowball stem of the language without the endings that make nouns of verbs; verbs that
change their vowels or consonants are listed with their nouns.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

import snowballstemmer

from resume_core.text import spoken, visible, word_set

_STEMMERS: Final = MappingProxyType(
    {"de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese"}
    | {"nl": "dutch", "pl": "polish", "sv": "swedish"}
)
_COMPOUNDING: Final = frozenset({"de", "nl", "sv"})
_LEAST_PART: Final = 5
#: Endings of stems that make a noun of a verb or a verb of a noun, the longest first.
_ENDINGS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "de": re.compile(r"(?<=\w{4})(?:ierung|ungs|ung|iert|ier|i|et|t)$"),
        "fr": re.compile(r"(?<=\w{4})(?:isation|ification|ation|ition|ement|ment|age|ion|is)$"),
        "es": re.compile(r"(?<=\w{3})(?:izacion|acion|icion|cion|amient|imient|ador|edor|ion)$"),
        "it": re.compile(r"(?<=\w{4})(?:azion|izion|ament|iment|zion)$"),
        "pt": re.compile(r"(?<=\w{4})(?:izaçã|açã|içã|ament|iment)$"),
        "nl": re.compile(r"(?<=\w{4})(?:ing|d|t)$"),
        "sv": re.compile(r"(?<=\w{4})(?:ning|ing|ad|at)$"),
    }
)
#: Words of one claim whose roots differ in letters; a family a line.
_FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "de": """
            helfen half geholfen hilfe
            schreiben schrieb geschrieben
            senken senkte gesenkt senkung
            verhandeln verhandelte verhandelt verhandlung verhandlungen
            aufbauen aufgebaut aufbau
            einführen eingeführt einführung
            bestellen bestellte bestellt bestellung bestellungen
            nehmen nahm genommen aufnahme aufgenommen
            verkaufen verkauft verkauf
            einkaufen eingekauft einkauf
            planen plante geplant planung
            pflegen pflegte gepflegt pflege
            prüfen prüfte geprüft prüfung prüfungen
            schulen schulte geschult schulung schulungen
            bauen baute gebaut bau
            lehren lehrte gelehrt unterricht unterrichten unterrichtete unterrichtet
            umsetzen umgesetzt umsetzung
            durchführen durchgeführt durchführung
            anleiten angeleitet anleitung
            abwickeln abgewickelt abwicklung
            beraten beriet berät beratung
            übersetzen übersetzte übersetzt übersetzung übersetzungen
            tag tage täglich
            lieferant lieferanten zulieferer zulieferern""",
        "fr": """
            gérer gère géré gestion
            rédiger rédige rédigé rédigés rédaction
            concevoir conçoit conçu conçus conception
            tenir tient tenu tenue
            mettre met mis mise
            réduire réduit réduite réduction
            produire produit production
            construire construit construction
            suivre suit suivi
            vendre vend vendu vente
            traduire traduit traduction
            résoudre résout résolu résolution
            acheter achète acheté achat
            accueillir accueille accueilli accueil
            recevoir reçoit reçu réception
            relire relit relu relecture
            passer passe passé passée passage migration migrer migré
            soutenir soutient soutenu soutien
            entretenir entretient entretenu entretien
            enseigner enseigne enseigné enseignement""",
        "es": """
            reducir reduce redujo reducido reducción
            atender atiende atendió atendido atención
            resolver resuelve resolvió resuelto resolución solución
            construir construye construyó construido construcción
            vender vende vendió vendido venta ventas
            producir produce produjo producido producción
            traducir traduce tradujo traducido traducción
            reponer repone repuso reponía repuesto reposición
            mantener mantiene mantuvo mantenido mantenimiento
            seguir sigue siguió seguido seguimiento
            cobrar cobra cobró cobrado cobro
            cuadrar cuadra cuadró cuadrado cuadre
            diseñar diseña diseñó diseñado diseño
            escribir escribe escribió escrito escritura
            introducir introduce introdujo introducido introducción
            enseñar enseña enseñó enseñado enseñanza
            impartir imparte impartió impartido""",
    }
)


@lru_cache(maxsize=4096)
def root(word: str, tongue: str) -> str:
    """The root of a word of another language; the word itself in one we have no stemmer for."""
    plain = word.casefold()
    return _families(tongue).get(plain) or _bare(plain, tongue)


def roots(text: str, tongue: str) -> frozenset[str]:
    """The roots of all words of a text."""
    return frozenset(root(word, tongue) for word in spoken(visible(text)))


def is_part(word: str, known: frozenset[str], tongue: str) -> bool:
    """Whether a word begins a compound of a text, as "Termine" does "Terminverfolgung"."""
    its = root(word, tongue)
    return (
        tongue in _COMPOUNDING and len(its) >= _LEAST_PART and any(k.startswith(its) for k in known)
    )


def root_set(words: str, tongue: str) -> frozenset[str]:
    """The roots of a list written as prose."""
    return frozenset(root(word, tongue) for word in word_set(words))


@cache
def _families(tongue: str) -> dict[str, str]:
    lines = _FAMILIES.get(tongue, "").strip().splitlines()
    return {word: _bare(line.split()[0], tongue) for line in lines for word in line.split()}


def _bare(plain: str, tongue: str) -> str:
    stem = str(_stemmer(tongue).stemWord(plain)) if tongue in _STEMMERS else plain
    ending = _ENDINGS.get(tongue)
    return ending.sub("", stem) if ending else stem


@cache
def _stemmer(tongue: str) -> Any:
    return snowballstemmer.stemmer(_STEMMERS[tongue])

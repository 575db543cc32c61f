"""German, French and Spanish claims in the English that the gate's detectors read.

Numbers, units, multiples and verbs of leading are put into English before a sentence is checked,
and in its sources alike, so that "fünf Jahre" is the same claim as "5 years". All other words stay.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from resume_core.text import visible

_DE_ONES: Final = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_DE_TENS: Final = (
    *("zwanzig", "dreißig", "vierzig", "fünfzig"),
    *("sechzig", "siebzig", "achtzig", "neunzig"),
)
_DE_TEENS: Final = (
    *("zehn", "elf", "zwölf", "dreizehn", "vierzehn"),
    *("fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
)
_FR_ONES: Final = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_FR_TENS: Final = ("vingt", "trente", "quarante", "cinquante", "soixante")
_FR_TEENS: Final = (
    *("dix", "onze", "douze", "treize", "quatorze"),
    *("quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_ES_ONES: Final = ("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_ES_TENS: Final = (
    *("veinte", "treinta", "cuarenta", "cincuenta"),
    *("sesenta", "setenta", "ochenta", "noventa"),
)
_ES_TEENS: Final = (
    *("diez", "once", "doce", "trece", "catorce"),
    *("quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve"),
)
_ES_TWENTIES: Final = (
    *("veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco"),
    *("veintiséis", "veintisiete", "veintiocho", "veintinueve"),
)


def _german() -> Iterator[tuple[str, str]]:
    yield from ((word, str(at + 10)) for at, word in enumerate(_DE_TEENS))
    yield from ((word, str(at)) for at, word in enumerate(_DE_ONES, 1) if at > 1)
    for ten, tens in enumerate(_DE_TENS, 2):
        for spelled in {tens, tens.replace("ß", "ss")}:
            yield spelled, str(ten * 10)
            for one, ones in enumerate(_DE_ONES, 1):
                yield f"{ones}und{spelled}", str(ten * 10 + one)


def _french() -> Iterator[tuple[str, str]]:
    yield from ((word, str(at + 10)) for at, word in enumerate(_FR_TEENS))
    yield from ((word, str(at)) for at, word in enumerate(_FR_ONES, 1) if at > 1)
    for ten, tens in enumerate(_FR_TENS, 2):
        yield tens, str(ten * 10)
        yield f"{tens} et un", str(ten * 10 + 1)
        yield from ((f"{tens}-{w}", str(ten * 10 + at)) for at, w in enumerate(_FR_ONES, 1))
    yield from ((f"soixante-{word}", str(70 + at)) for at, word in enumerate(_FR_TEENS))
    yield "quatre-vingts", "80"
    yield from ((f"quatre-vingt-{word}", str(80 + at)) for at, word in enumerate(_FR_ONES, 1))
    yield from ((f"quatre-vingt-{word}", str(90 + at)) for at, word in enumerate(_FR_TEENS))


def _spanish() -> Iterator[tuple[str, str]]:
    yield from ((word, str(at + 10)) for at, word in enumerate(_ES_TEENS))
    yield from ((word, str(at + 21)) for at, word in enumerate(_ES_TWENTIES))
    yield from ((word, str(at)) for at, word in enumerate(_ES_ONES, 1) if at > 1)
    for ten, tens in enumerate(_ES_TENS, 2):
        yield tens, str(ten * 10)
        yield from ((f"{tens} y {w}", str(ten * 10 + at)) for at, w in enumerate(_ES_ONES, 1))


def _table(lines: str) -> dict[str, str]:
    """Read "word, word = english" lines."""
    found: dict[str, str] = {}
    for line in lines.strip().splitlines():
        left, right = line.split("=")
        found |= {word.strip(): right.strip() for word in left.split(",")}
    return found


_UNITS: Final[Mapping[str, dict[str, str]]] = MappingProxyType(
    {
        "de": _table(
            """jahr, jahre, jahren = years
            monat, monate, monaten = months
            woche, wochen = weeks
            tag, tage, tagen = days
            stunde, stunden = hours
            minute, minuten = minutes
            sekunde, sekunden = seconds
            prozentpunkte, prozentpunkten = percentage points
            prozent = percent
            hundert = hundred
            tausend = thousand
            million, millionen, mio = million
            milliarde, milliarden, mrd = billion
            dutzende = dozens
            hunderte, hunderten = hundreds
            tausende, tausenden = thousands
            verdoppelt, verdoppelte, verdoppeln = doubled
            verdreifacht, verdreifachte = tripled
            halbiert, halbierte, halbieren = halved
            leite, leitete, geleitet, leiten, führte, verantwortete, verantwortet = led
            gründete, gegründet = founded
            stündlich = hourly
            täglich, tägliche, täglichen, täglicher, tägliches = daily
            wöchentlich, wöchentliche, wöchentlichen, wöchentlicher, wöchentliches = weekly
            monatlich, monatliche, monatlichen, monatlicher, monatliches = monthly
            jährlich, jährliche, jährlichen, jährlicher, jährliches = yearly
            seit = since
            bis zu = up to
            mehr als, über, mindestens = more than
            fast, beinahe, knapp = nearly"""
        ),
        "fr": _table(
            """an, ans, année, années = years
            mois = months
            semaine, semaines = weeks
            jour, jours = days
            heure, heures = hours
            minute, minutes = minutes
            seconde, secondes = seconds
            points de pourcentage = percentage points
            pour cent = percent
            cent = hundred
            mille = thousand
            million, millions = million
            milliard, milliards = billion
            dizaines, douzaines = dozens
            centaines = hundreds
            milliers = thousands
            doublé, doubler, doublant = doubled
            triplé, tripler = tripled
            divisé par deux, réduit de moitié = halved
            dirigé, dirigeais, dirigeant, diriger, encadré, piloté = led
            fondé, cofondé = founded
            quotidien, quotidienne, quotidiens, quotidiennes, quotidiennement = daily
            hebdomadaire, hebdomadaires = weekly
            mensuel, mensuelle, mensuels, mensuelles = monthly
            annuel, annuelle, annuels, annuelles = yearly
            depuis = since
            jusqu'à = up to
            plus de, au moins = more than
            presque, près de = nearly"""
        ),
        "es": _table(
            """año, años = years
            mes, meses = months
            semana, semanas = weeks
            día, días = days
            hora, horas = hours
            minuto, minutos = minutes
            segundo, segundos = seconds
            puntos porcentuales = percentage points
            por ciento = percent
            cien, ciento = hundred
            mil = thousand
            millón, millones = million
            decenas, docenas = dozens
            centenares, cientos = hundreds
            miles = thousands
            duplicado, dupliqué, duplicó, duplicar = doubled
            triplicado, tripliqué, triplicó = tripled
            reducido a la mitad, reduje a la mitad = halved
            dirigí, dirigido, dirigir, dirigiendo, lideré, liderado, liderando, encabecé = led
            fundé, fundado = founded
            diario, diaria, diarios, diarias, diariamente = daily
            semanal, semanales, semanalmente = weekly
            mensual, mensuales, mensualmente = monthly
            anual, anuales, anualmente = yearly
            desde = since
            hasta = up to
            más de, al menos = more than
            casi = nearly"""
        ),
    }
)
#: Articles that French glues to the next word; the word is what counts.
_ELIDED: Final = re.compile(r"\b(?:[cdjlmnst]|qu|lorsqu|jusqu)'(?=\w)", re.IGNORECASE)


@cache
def _reader(language: str) -> tuple[re.Pattern[str], Mapping[str, str]] | None:
    numbers = {"de": _german, "fr": _french, "es": _spanish}.get(language)
    if numbers is None:
        return None
    table = dict(numbers()) | _UNITS[language]
    longest_first = sorted(table, key=len, reverse=True)
    spelled = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{spelled})(?![\w-])", re.IGNORECASE), table


def in_english_terms(text: str, language: str) -> str:
    """`text` made visible, its numbers, units and claims of leading in English."""
    plain = visible(text)
    reader = _reader(language)
    if reader is None:
        return plain
    pattern, table = reader
    said = pattern.sub(lambda match: table[match.group().casefold()], plain)
    return _ELIDED.sub("", said) if language == "fr" else said

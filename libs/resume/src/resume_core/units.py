"""Words and signs of units: what multiplies a number, money, times, shares."""

from types import MappingProxyType
from typing import Final

from resume_core.text import word_set

#: What a letter or word after a number multiplies it by.
SUFFIXES: Final = MappingProxyType(
    {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6}
    | {
        "millions": 10**6,
        "mrd": 10**9,
        "md": 10**9,
        "b": 10**9,
        "bn": 10**9,
        "billion": 10**9,
        "hundred": 100,
        "dozen": 12,
    }
)
CURRENCIES: Final = MappingProxyType(
    {"$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "€": "eur"}
    | {"eur": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "gbp": "gbp", "pounds": "gbp"}
    | {"chf": "chf", "francs": "chf", "¥": "jpy", "yen": "jpy", "₹": "inr", "inr": "inr"}
    | {"rupees": "inr", "sek": "sek", "nok": "nok", "dkk": "dkk", "pln": "pln", "zł": "pln"}
)
DURATIONS: Final = MappingProxyType(
    {"millisecond": "ms", "ms": "ms", "second": "s", "sec": "s", "s": "s", "minute": "min"}
    | {"min": "min", "hour": "h", "hr": "h", "h": "h", "day": "d", "week": "w", "month": "mo"}
    | {"year": "y", "yr": "y", "quarter": "quarter"}
    | dict.fromkeys(word_set("sekunden secondes segundos secondi seconden sekund sekundy"), "s")
    | dict.fromkeys(word_set("minuten minutos minuti minut minuty"), "min")
    | dict.fromkeys(
        word_set("stunde stunden heure heures hora horas ora ore uur uren godzin godziny"), "h"
    )
    | dict.fromkeys(word_set("tage tagen jour jours día días dia dias giorni dagen dni"), "d")
    | dict.fromkeys(word_set("woche wochen semaine semaines semana semanas settimane weken"), "w")
    | dict.fromkeys(word_set("monate monaten mois meses mesi maanden miesiące miesięcy"), "mo")
    | dict.fromkeys(word_set("jahre jahren an ans año años anni ano anos jaar lat lata"), "y")
)
#: Units of what is measured and not counted: another one makes another claim of the same number.
MEASURES: Final = MappingProxyType(
    {
        word: words.split()[0]
        for words in (
            "hectares hectare hektar hektare hectáreas ha",
            "acres acre",
            "miles mile millas meilen",
            "kilometres kilometre kilometers kilometer kilomètres kilómetros km",
            "metres metre meters meter mètres metros",
            "feet foot ft",
            "tonnes tonne tons ton tonnen toneladas",
            "kilograms kilogram kilos kilo kg",
            "pounds-weight lbs lb",
            "litres litre liters liter litros",
            "gallons gallon",
            "degrees degree grad grados degrés",
            "watts watt",
            "megawatts megawatt mw",
            "gigawatts gigawatt gw",
            "kilowatts kilowatt kw",
            "points punkte puntos",
        )
        for word in words.split()
    }
)
CANONICAL_TIME: Final = MappingProxyType(
    {"ms": ("0.001", "s"), "s": ("1", "s"), "min": ("60", "s"), "h": ("3600", "s")}
    | {"d": ("1", "d"), "w": ("7", "d"), "mo": ("1", "mo"), "quarter": ("3", "mo")}
    | {"y": ("12", "mo")}
)
MULTIPLIED: Final = MappingProxyType(
    {"doubled": 2, "doubling": 2, "doubles": 2, "double": 2, "tripled": 3, "tripling": 3}
    | {"triples": 3, "triple": 3, "quadrupled": 4, "quadrupling": 4, "quadruple": 4, "twice": 2}
    | {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10}
)
PARTS: Final = MappingProxyType(
    {"halved": 50, "halving": 50, "half": 50, "third": 33, "thirds": 67, "quarter": 25}
)
MAGNITUDES: Final = frozenset({"dozens", "hundreds", "thousands", "millions", "billions"})

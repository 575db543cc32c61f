"""How much a piece of text reads like a title, an organisation, a school or a degree."""

import re
from typing import Final

from resume_core.importing.words import load_words

_SCHOOL: Final = re.compile(
    r"\b(?:universit\w*|college|institut\w*|school|academ\w*|polytechnic\w*|politecnic\w*|"
    r"hochschule|fachhochschule|gymnasium|berufsschule|berufskolleg|\w*schule|école|ecole|"
    r"lycée|faculté|iut|universidad|instituto|escuela|colegio|facultad|eth|epfl|mit|ucla|"
    r"caltech|ucl|lse|insead|iit|nit|tum|kit|haw|htw|dhbw|bht|uas|rwth|tu|fh|uc|bootcamp|conservator\w*|kolleg|"
    r"seminary|üniversitesi)\b",
    re.IGNORECASE,
)
#: Full titles with their usual fields, abbreviations, what is below and beside a degree, and the
#: German, French and Spanish ones.
_DEGREE: Final = re.compile(
    r"\b(?:bachelor|master|doctor|associate)(?:['\u2019]?s)?(?:\s+of\s+"
    r"(?:science|arts|engineering|education|business administration|fine arts|laws|philosophy|"
    r"applied science|commerce|technology|nursing|social work|public health|"
    r"public administration|architecture|music|medicine|computer applications))?"
    r"(?:\s+degree)?\b|"
    r"\b(?:ph\.?\s?d|d\.?phil|[be]?mba|m\.b\.a|[bm]\.?\s?sc|[bm]\.?\s?eng|[bm]\.?\s?tech|[bm]\.?\s?ed|"
    r"[bm]\.?\s?com|[bm]ca|bba|ll\.?[bm]|[bm]\.?f\.?a|mp[hpa]|msw|[bm]sn|dnp|m\.?d|j\.?d|dds)\b\.?|"
    r"\b(?:b\.?s|b\.?a|m\.?s|m\.?a|a\.?s|a\.?a|b\.?e)(?:\.|(?=[\s,:;)]|$))|"
    r"\b(?:high school diploma|ged|gcses?|a[- ]levels?|international baccalaureate|hn[dc]|"
    r"foundation degree|(?:graduate |postgraduate |advanced )?(?:diploma|certificate)|minor)\b|"
    r"\b(?:diplom(?:-?\w+)?(?:\s\(fh\))?|magister|staatsexamen|abitur|fachabitur|"
    r"fachhochschulreife|mittlere reife|realschulabschluss|promotion|ausbildung)(?!\w)|"
    r"\b(?:licence|maîtrise|doctorat|baccalauréat|bts|dut|diplôme(?:\sd['\u2019]\w+)?|"
    r"licenciatura|licenciad[oa]|grado|máster|bachillerato|técnico superior|"
    r"laurea(?:\s(?:magistrale|triennale))?|mestrado|doutoramento|inżynier|licencjat|doktorat|"
    r"mbo|hbo|pgce)\b",
    re.IGNORECASE,
)
#: "BChem", "MPharm", "DVetMed": a level and shortened subjects, each with a capital.
_ABBREVIATED: Final = re.compile(r"\b[BMD](?:[A-Z][a-z]{1,6}){1,3}\b")
#: Degrees that are also everyday words: they count with a capital only.
_CASED: Final = frozenset(
    {"minor", "grado", "promotion", "licence", "ausbildung", "certificate", "inżynier"}
)
_FIRM: Final = re.compile(
    r"(?:&|\band|\bund)\s+(?:partners?|sons?|associates|brothers)\b|\bdepartment of\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_][\w./-]*")


def titleness(text: str) -> float:
    """How much the text reads like a job title; above 0 it does, organisations go below."""
    known = load_words()
    words = [word.casefold().rstrip(".") for word in _WORD.findall(text)]
    if not words:
        return 0.0
    flat = [part for word in words for part in re.split(r"[/-]", word)] + words
    score = 0.0
    if any(word in known.titles or word.endswith(known.title_endings) for word in flat):
        score += 2.0
    if words[0] in known.seniority and len(words) > 1:
        score += 1.0
    if words[-1] in known.titles or words[-1].endswith(known.title_endings):
        score += 0.5
    if len(words) > 9:
        score -= 1.0
    return score - organisationness(text)


def organisationness(text: str) -> float:
    """How much the text reads like the name of an organisation."""
    known = load_words()
    words = [word.casefold().strip(".,") for word in re.split(r"[\s,]+", text) if word]
    score = 2.0 if any(word in known.legal_forms for word in words[1:]) else 0.0
    score += 2.0 if _FIRM.search(text) else 0.0
    return score + (1.0 if any(word in known.organisations for word in words) else 0.0)


def is_school(text: str) -> bool:
    """Whether the text names a place of education."""
    return _SCHOOL.search(text) is not None


def find_degree(text: str) -> tuple[int, int] | None:
    """Where a degree's name stands in the text, if one does."""
    for match in _DEGREE.finditer(text):
        word = match[0].casefold().replace(".", "").strip()
        # Two-letter degrees are also everyday words: they count in capitals only.
        if word in _CASED and not match[0][0].isupper():
            continue
        if len(word) == 2 and not match[0].replace(".", "").isupper():
            continue
        return match.span()
    short = _ABBREVIATED.search(text)
    return short.span() if short else None

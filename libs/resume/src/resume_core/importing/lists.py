"""Sections that are lists: skills, languages, interests, certificates, awards, publications."""

import re
from typing import Final

from resume_core.dates import find_spans, shorten
from resume_core.importing.dated import split_list
from resume_core.importing.heads import Group, read_head
from resume_core.importing.joining import Item
from resume_core.importing.words import load_words
from resume_core.model import (
    Award,
    Certificate,
    Interest,
    Language,
    Publication,
    Reference,
    Skill,
)

_LABEL: Final = re.compile(r"([^:,;()]{2,50}?)\s*:\s+(\S.*)")
_METER: Final = re.compile(r"\s*[\u25cf\u25cb\u2605\u2606\u25a0\u25a1\u25aa\u25ab\u2b24\u26ab]{2,}")
_LEVEL: Final = re.compile(
    r"(?:expert|advanced|intermediate|beginner|basic|proficient|fluent|native|good|"
    r"experienced|familiar|master|novice)(?:\s\w+)?",
    re.IGNORECASE,
)
_FLUENCY: Final = re.compile(
    r"\s*(?:[:(\u2013\u2014-]|\s)\s*((?:mother|native|fluent|full|limited|professional|bilingual|basic|"
    r"conversational|intermediate|advanced|beginner|elementary|working|proficient|business|good|"
    r"muttersprach\w*|fließend|verhandlungssicher|grundkenntnisse|gut\w*|sehr|"
    r"langue|courant|natif|bilingue|nativo|avanzado|[abc][12])\b.*)",
    re.IGNORECASE,
)
_LEVEL_WORDS: Final = re.compile(
    r"(?:associate|professional|foundation\w*|specialty|expert|practitioner|level\b.*|advanced|"
    r"intermediate|administrator|developer|architect|c[12]|b[12]|i+)\b.*",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r".*\b(?:available|upon request|on request|auf anfrage)\b.*", re.IGNORECASE
)
_FAR: Final = 1.3


def read_skills(items: list[Item], title: str) -> list[Skill]:
    """Groups of skills: labelled lines are groups, all else is one group named by the heading."""
    groups: dict[str, list[str]] = {}
    current = ""
    any_plain = any(not item.line.bold for item in items)
    for item in items:
        texts = [_METER.sub("", cell).strip() for cell in item.cells]
        text = " ".join(filter(None, texts))
        labelled = _LABEL.fullmatch(text)
        if len(texts) > 1 and not labelled:
            labelled = _LABEL.fullmatch(f"{texts[0]}: {' '.join(texts[1:])}")
        if labelled and not _LEVEL.fullmatch(labelled[2]):
            current = labelled[1].strip()
            groups.setdefault(current, []).extend(split_list(labelled[2]))
        elif text.endswith(":") or (item.line.bold and any_plain and "," not in text):
            current = text.rstrip(": ")
            groups.setdefault(current, [])
        else:
            groups.setdefault(current, []).extend(split_list(text))
    return [
        Skill(
            name=name or (title.capitalize() if title.isupper() else title) or "Skills",
            keywords=tuple(dict.fromkeys(keywords)),
        )
        for name, keywords in groups.items()
        if name or keywords
    ]


def spoken(skills: list[Skill]) -> tuple[list[Skill], list[Language]]:
    """Move "German (native), English (C1)" from the skills to the languages."""
    kept: list[Skill] = []
    languages: list[Language] = []
    for skill in skills:
        tongues = [keyword for keyword in skill.keywords if _is_spoken(keyword)]
        others = tuple(keyword for keyword in skill.keywords if keyword not in tongues)
        languages += [_language(keyword) for keyword in tongues]
        if others or not tongues:
            kept.append(skill.model_copy(update={"keywords": others}))
    return kept, languages


def read_languages(items: list[Item]) -> list[Language]:
    """Spoken languages with their level as written."""
    languages = []
    for item in items:
        texts = [_METER.sub("", cell).strip() for cell in item.cells]
        if len(texts) == 2 and "," not in texts[0] and not _FLUENCY.search(texts[0]):
            languages.append(Language(language=texts[0].rstrip(": "), fluency=texts[1]))
            continue
        languages += [_language(text) for text in split_list(" ".join(filter(None, texts)))]
    return languages


def _is_spoken(keyword: str) -> bool:
    """Whether a skill is a spoken language with its level."""
    name = re.split(r"[\s:(]", keyword, maxsplit=1)[0].casefold()
    return name in load_words().tongues and _FLUENCY.search(keyword) is not None


def _language(text: str) -> Language:
    found = _FLUENCY.search(text)
    name = text[: found.start()] if found else text.partition(":")[0].partition(" (")[0]
    rest = found[1] if found else text[len(name) :]
    fluency = rest.strip(" :()\u2013-") or None
    return Language(language=name.strip(" :("), fluency=fluency)


def read_interests(items: list[Item]) -> list[Interest]:
    """Interests, one each."""
    words = [word for item in items for word in split_list(item.text)]
    return [Interest(name=word) for word in dict.fromkeys(words)]


def read_certificates(items: list[Item]) -> list[Certificate]:
    """Certificates: name, then issuer, then date."""
    certificates = []
    for group in _entries(items):
        name, issuer, date, url, rest = _named(group)
        issuer = issuer or (rest.pop(0) if rest else "")
        certificates.append(
            Certificate(
                name=": ".join(filter(None, [name, *rest])) if not issuer else name,
                issuer=issuer or None,
                date=date,
                url=url,
            )
        )
    return [certificate for certificate in certificates if certificate.name]


def read_awards(items: list[Item]) -> list[Award]:
    """Awards: title, then awarder, then date; what follows is the summary."""
    awards = []
    for group in _entries(items):
        title, awarder, date, _, rest = _named(group)
        span = read_head(group).span
        if span and span.end:
            rest.append(f"{shorten(date or '')} \u2013 {shorten(span.end)}")
        summary = " ".join(rest) or None
        awards.append(Award(title=title, awarder=awarder or None, date=date, summary=summary))
    return [award for award in awards if award.title]


def read_publications(items: list[Item]) -> list[Publication]:
    """Publications: the title, everything else as summary, with date and address."""
    publications = []
    for group in _entries(items):
        texts = [item.text for item in group.head] + group.bullets + group.prose
        head = read_head(group)
        name = head.pieces[0].text if head.pieces else texts[0]
        others = [piece.text for piece in head.pieces[1:]]
        date = head.span.start if head.span else None
        publications.append(
            Publication(
                name=name,
                release_date=date,
                url=head.url or None,
                summary="\n".join(others) or None,
            )
        )
    return publications


def read_references(items: list[Item]) -> list[Reference]:
    """People who vouch; "available on request" is none."""
    items = [item for item in items if not _NONE.fullmatch(item.text)]
    return [
        Reference(
            name=group.head[0].text if group.head else None,
            reference=" ".join([i.text for i in group.head[1:]] + group.prose + group.bullets)
            or None,
        )
        for group in _entries(items)
    ]


def _entries(items: list[Item]) -> list[Group]:
    """One entry per bullet; else a new one at bold lines, at gaps, or at every line."""
    if any(item.bullet for item in items):
        starts = [item.bullet or index == 0 for index, item in enumerate(items)]
    elif any(item.line.bold for item in items) and not all(item.line.bold for item in items):
        starts = [item.line.bold or index == 0 for index, item in enumerate(items)]
    elif any(item.line.level for item in items):
        starts = [item.line.level > 0 or index == 0 for index, item in enumerate(items)]
    elif any(item.line.gap < _FAR for item in items[1:]) and any(
        item.line.gap >= _FAR for item in items[1:]
    ):
        starts = [item.line.gap >= _FAR or index == 0 for index, item in enumerate(items)]
    else:
        # Names on one line and issuer with date on the next, or a line for each entry.
        dated = [bool(find_spans(item.text)) for item in items]
        bare = all("," not in item.text for item in items[::2])
        pairs = bare and dated == [False, True] * (len(items) // 2)
        starts = [not (pairs and has_date) for has_date in dated]
    groups: list[Group] = []
    for item, start in zip(items, starts, strict=True):
        if start:
            groups.append(Group([]))
        groups[-1].head.append(item)
        groups[-1].asides += item.asides
    return groups


def _named(group: Group) -> tuple[str, str, str | None, str | None, list[str]]:
    """Name, issuer, date, address and the remaining texts of a certificate or award."""
    first, *others = group.head
    head = read_head(
        Group([first, *[item for item in others if not item.prose]], asides=group.asides)
    )
    pieces = [piece.text for piece in head.pieces]
    date = None
    if head.span:
        date = head.span.start
    rest = [item.text for item in others if item.prose]
    if not pieces:
        return first.text, "", date, head.url or None, rest
    name = pieces.pop(0)
    # A level such as "Associate" is a part of the name, not of who issued it.
    while pieces and _LEVEL_WORDS.fullmatch(pieces[0]):
        name = f"{name} \u2013 {pieces.pop(0)}"
    issuer = pieces.pop(0) if pieces else ""
    if not issuer:
        name, issuer = _issued_by(name)
    return name, issuer, date, head.url or None, pieces + rest


def _issued_by(name: str) -> tuple[str, str]:
    by = re.fullmatch(r"(.+?),?\s+(?:issued\s+by|by|von|par)\s+(.+)", name)
    if by:
        return by[1], by[2]
    comma = re.fullmatch(r"(.+?),\s+([^,]+)", name)
    if comma and not find_spans(comma[2]) and not _LEVEL_WORDS.fullmatch(comma[2]):
        return comma[1], comma[2]
    return name, ""

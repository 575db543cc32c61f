"""The head of a resume: name, label, contacts, place, profiles, and prose that comes first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from resume_core.dates import find_spans
from resume_core.importing.layout import Line
from resume_core.importing.lexicon import is_school, titleness
from resume_core.importing.places import has_street, is_place, read_place
from resume_core.importing.report import Doubt
from resume_core.importing.sections import heading_kind
from resume_core.model import Basics, Profile

_EMAIL: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\w/.])(?:\+|00)?\(?\d(?:[\s().\u2013/-]{0,2}\d){6,14}(?![\w/])")
_URL: Final = re.compile(
    r"(?:https?://|www\.)[^\s|,;]+|(?<![@\w.])(?:[\w-]+\.)+"
    r"(?:com|org|net|io|dev|app|ai|me|de|at|ch|fr|es|nl|uk|eu|tech|page|site|info|edu|xyz)"
    r"(?:/[^\s|,;]*)?(?![\w@])",
    re.IGNORECASE,
)
_NETWORKS: Final = {
    "linkedin.com": ("LinkedIn", r"linkedin\.com/(?:in|pub)/([^/?#\s]+)"),
    "github.com": ("GitHub", r"github\.com/([\w-]+)/?$"),
    "gitlab.com": ("GitLab", r"gitlab\.com/([\w.-]+)/?$"),
    "xing.com": ("XING", r"xing\.com/profile/([^/?#\s]+)"),
    "twitter.com": ("Twitter", r"twitter\.com/(\w+)/?$"),
    "x.com": ("X", r"(?:^|[/.])x\.com/(\w+)/?$"),
    "stackoverflow.com": ("Stack Overflow", r"stackoverflow\.com/users/([\w/-]+)"),
    "orcid.org": ("ORCID", r"orcid\.org/([\dX-]+)"),
    "kaggle.com": ("Kaggle", r"kaggle\.com/([\w-]+)/?$"),
    "medium.com": ("Medium", r"medium\.com/(@?[\w.-]+)/?$"),
    "huggingface.co": ("Hugging Face", r"huggingface\.co/([\w-]+)/?$"),
    "behance.net": ("Behance", r"behance\.net/([\w-]+)/?$"),
    "dribbble.com": ("Dribbble", r"dribbble\.com/([\w-]+)/?$"),
}
_NETWORK_NAMES: Final = frozenset(name.casefold() for name, _ in _NETWORKS.values())
_CUT_URL: Final = re.compile(r"(?:https?://|www\.|\w\.\w{2,4}/)\S*[-_/]$")
_SPLIT: Final = re.compile(r"\s*[|\u00b7\u2022\u25cf\u2666;]\s*|\s+[\u2013\u2014-]\s+|\t")
_LABELLED: Final = re.compile(
    r"(name|e-?mail|phone|tel(?:efon|ephone)?|mobile?|mobil|cell|fax|address|adresse|anschrift|"
    r"location|wohnort|linked-?in|github|gitlab|xing|twitter|website|web|portfolio|homepage|url|"
    r"domicilio|dirección|teléfono|correo|téléphone|courriel)\s*\.?\s*:\s*(.*)",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"(?:curriculum vitae|c\.?v\.?|r[eé]sum[eé]|lebenslauf|last updated\b.*|page \d+.*|"
    r"\d+\s*(?:/|of)\s*\d+|updated\b.*)",
    re.IGNORECASE,
)
_PARTICLES: Final = frozenset(
    {"de", "da", "do", "dos", "del", "della", "di", "la", "le", "van", "von", "der", "den", "ter"}
    | {"zu", "zum", "al", "el", "bin", "ibn", "y", "e", "of", "st."}
)
_SUFFIX: Final = re.compile(
    r",\s*(?:ph\.?d\.?|m\.?d\.?|mba|msc|m\.sc\.|rn|cpa|pmp|esq\.?|jr\.?|sr\.?|iii?|p\.?e\.?)\b.*",
    re.IGNORECASE,
)
#: A name in two spellings: "王小明 (Xiaoming Wang)".
_BOTH_SCRIPTS: Final = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
_NAME_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019.-])*")
_SURE: Final = 0.9


@dataclass(slots=True)
class Contact:
    """What the head of the document says. `rest` is what found no place."""

    basics: Basics = field(default_factory=Basics)
    doubts: list[Doubt] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def read_contacts(lines: Iterable[Line], links: Iterable[str]) -> Contact:
    """Read the lines before the first section, and those of a contact section."""
    lines = [line for line in lines if not _NOISE.fullmatch(line.text.strip())]
    lines = _with_whole_urls(lines)
    contact = Contact()
    found: dict[str, str] = {}
    profiles: dict[str, Profile] = {}
    name = _find_name(lines)
    if name:
        found["name"] = name[0]
        if name[1] < _SURE:
            contact.doubts.append(Doubt("basics.name", "no layout marks the name", name[1]))
    lines, by_name = _name_first(lines, found.get("name", ""))
    prose: list[str] = []
    for line in lines:
        near_name = "name" not in found or line in by_name
        for cell in line.cells:
            text = _without_name(cell, found.get("name", ""))
            text = _take_contacts(text, found, profiles)
            if len(text.split()) > 12 or (prose and line.gap < 1.3 and len(text.split()) > 5):
                prose.append(text)
                continue
            for piece in filter(None, (_trimmed(part) for part in _SPLIT.split(text))):
                _place_piece(
                    piece, near_name=near_name, found=found, profiles=profiles, contact=contact
                )
    _take_links(links, found, profiles)
    named = {profile.username for profile in profiles.values()}
    contact.rest = [text for text in contact.rest if text not in named]
    if prose:
        found["summary"] = " ".join(prose)
    place = found.pop("place", None)
    location = read_place(place) if place else None
    contact.basics = Basics(**found, location=location, profiles=tuple(profiles.values()))
    return contact


def is_name(text: str) -> bool:
    """Whether the text could be a person's name: two to five capitalised words, or CJK."""
    if spelled := _BOTH_SCRIPTS.fullmatch(text):
        return is_name(spelled[1]) and is_name(spelled[2])
    words = _SUFFIX.sub("", text).split()
    if not words or heading_kind(text) or _NOISE.fullmatch(text) or titleness(text) > 0:
        return False
    if len(words) == 1:
        return len(text) in range(2, 6) and text.isalpha() and text.upper() == text.lower()
    if len(words) > 5 or is_place(text) or is_school(text):
        return False
    return all(
        _NAME_WORD.fullmatch(word) and (not word[0].islower() or word in _PARTICLES)
        for word in words
    )


def has_contact(text: str) -> bool:
    """Whether the text holds an e-mail address or a phone number."""
    phones = (match[0] for match in _PHONE.finditer(text))
    return _EMAIL.search(text) is not None or any(not find_spans(phone) for phone in phones)


def _find_name(lines: list[Line]) -> tuple[str, float] | None:
    """The name and how sure it is: the largest candidate, else the first."""
    candidates = [
        (line.size, line.level, -index, piece)
        for index, line in enumerate(_with_joined_names(lines))
        for cell in line.cells
        for part in _SPLIT.split(cell)
        if is_name(piece := _label_value(part.strip(" ,"), "name"))
    ]
    if not candidates:
        return None
    largest = max(line.size for line in lines)
    best = max(candidates, key=lambda c: (c[0], c[1] == 1, c[2]))
    marked = best[0] == largest > 0 or best[1] == 1 or best[2] == 0
    return best[3], 1.0 if marked else 0.7


def _with_joined_names(lines: list[Line]) -> list[Line]:
    """First and last name may stand on two lines of the same large type."""
    largest = max((line.size for line in lines), default=0.0)
    top = [line for line in lines if line.size == largest > 0]
    if len(top) != 2 or any(len(line.text.split()) != 1 for line in top):
        return lines
    joined = Line(cells=(f"{top[0].text} {top[1].text}",), size=largest, level=1)
    return [joined, *lines]


def _name_first(lines: list[Line], name: str) -> tuple[list[Line], list[Line]]:
    """The column with the name before all others, and the lines around the name."""
    at = next((i for i, line in enumerate(lines) if name and name in line.text), None)
    if at is None:
        return lines, lines[:2]
    flow = lines[at].flow
    ordered = [x for x in lines if x.flow == flow] + [x for x in lines if x.flow != flow]
    return ordered, [line for line in lines[at : at + 3] if line.flow == flow]


def _with_whole_urls(lines: list[Line]) -> list[Line]:
    """Join addresses that were broken at the end of a narrow column."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before and _CUT_URL.search(before.text) and "@" not in line.text:
            whole[-1] = replace(before, cells=(*before.cells[:-1], before.cells[-1] + line.text))
        else:
            whole.append(line)
    return whole


def _trimmed(text: str) -> str:
    text = text.strip(" ,|")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return "" if text.casefold() in _NETWORK_NAMES or not any(map(str.isalnum, text)) else text


def _label_value(text: str, label: str) -> str:
    match = _LABELLED.fullmatch(text)
    return match[2] if match and match[1].casefold() == label else text


def _without_name(text: str, name: str) -> str:
    if not name:
        return text
    if text in name.split() and len(text) > 1:
        return ""
    return text.replace(name, " | ", 1) if name in text else text


def _take_contacts(text: str, found: dict[str, str], profiles: dict[str, Profile]) -> str:
    """Cut e-mail, addresses on the web and phone out of the text."""
    for match in _EMAIL.finditer(text):
        found.setdefault("email", match[0])
    text = _EMAIL.sub(" | ", text)
    for match in _URL.finditer(text):
        _take_url(match[0].rstrip(".)"), found, profiles)
    text = _URL.sub(" | ", text)
    for match in _PHONE.finditer(text):
        if not find_spans(match[0]):
            found.setdefault("phone", match[0].strip())
            text = text.replace(match[0], " | ")
    return text


def _take_url(url: str, found: dict[str, str], profiles: dict[str, Profile]) -> None:
    profile = _profile(url)
    if profile is not None and profile.network:
        profiles.setdefault(profile.network, profile)
    elif not any(host in url.casefold() for host in ("linkedin.com", "github.com")):
        found.setdefault("url", url)


def _take_links(links: Iterable[str], found: dict[str, str], profiles: dict[str, Profile]) -> None:
    """Targets of links, for profiles and addresses that the text shows as an icon only."""
    for link in links:
        if link.startswith("mailto:"):
            found.setdefault("email", link.removeprefix("mailto:").split("?")[0])
        elif link.startswith("tel:"):
            found.setdefault("phone", link.removeprefix("tel:"))
        elif (profile := _profile(link)) is not None and profile.network:
            profiles.setdefault(profile.network, profile)


def _profile(url: str) -> Profile | None:
    for network, pattern in _NETWORKS.values():
        match = re.search(pattern, url, re.IGNORECASE)
        if match:
            full = url if url.startswith("http") else f"https://{url}"
            return Profile(network=network, username=match[1], url=full)
    return None


def _place_piece(
    piece: str,
    *,
    near_name: bool,
    found: dict[str, str],
    profiles: dict[str, Profile],
    contact: Contact,
) -> None:
    labelled = _LABELLED.fullmatch(piece)
    if labelled:
        _place_labelled(labelled[1].casefold(), labelled[2].strip(), found, profiles, contact)
    elif is_place(piece) or has_street(piece):
        _add_place(piece, found)
    elif piece == found.get("name") or heading_kind(piece) == "contact":
        return
    elif (
        "label" not in found
        and len(piece.split()) <= 10
        and _reads_as_label(piece, near_name=near_name)
    ):
        found["label"] = piece
        if titleness(piece) <= 0:
            contact.doubts.append(Doubt("basics.label", "taken for its place only", 0.6))
    else:
        contact.rest.append(piece)


def _place_labelled(
    label: str, value: str, found: dict[str, str], profiles: dict[str, Profile], contact: Contact
) -> None:
    networks = {name.casefold(): name for name, _ in _NETWORKS.values()}
    network = networks.get(label.replace("-", ""))
    if not value:
        return
    if network:
        profiles.setdefault(network, Profile(network=network, username=value))
    elif label in {"address", "adresse", "anschrift", "location", "wohnort", "domicilio"}:
        _add_place(value, found)
    elif label != "name":
        contact.rest.append(value)


def _add_place(text: str, found: dict[str, str]) -> None:
    found["place"] = f"{found['place']}, {text}" if "place" in found else text


def _reads_as_label(piece: str, *, near_name: bool) -> bool:
    plain = near_name and not any(c.isdigit() for c in piece) and len(piece.split()) > 1
    return titleness(piece) > 0 or plain

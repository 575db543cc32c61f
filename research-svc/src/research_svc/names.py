"""Names in one form, for the keys of the shared cache, and the domains that go with them."""

import hashlib
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

#: Characters of a name; a longer one is no name.
LONGEST_NAME: Final = 200

_DOMAIN = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}"
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?", re.DOTALL)


def tidy(name: str | None) -> str | None:
    """A name on one line as it may be asked about; None when it is empty or too long."""
    # Cut first: nobody's 20 KiB are worth normalising.
    text = unicodedata.normalize("NFKC", (name or "")[: 4 * LONGEST_NAME])
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"})
    tidied = " ".join(kept.split())
    is_whole = len(name or "") <= 4 * LONGEST_NAME
    return tidied if is_whole and 0 < len(tidied) <= LONGEST_NAME else None


def digest(name: str) -> bytes:
    """The key of a tidied name: 32 bytes, the same for any case and for a full stop at the end.

    A digest, because a name of which nothing is publicly known may be anything that somebody typed.
    """
    folded = unicodedata.normalize("NFKC", name.casefold()).strip(" .,;")
    return hashlib.sha256(folded.encode()).digest()


def domain_of(text: str | None) -> str | None:
    """The domain that a text is: an address or a host in lower case; None for anything else."""
    candidate = (text or "").strip()
    if not candidate or len(candidate) > 2000:
        return None
    try:
        host = urlsplit(candidate if "//" in candidate else f"//{candidate}").hostname or ""
    except ValueError:
        return None
    if "//" not in candidate and not candidate.startswith(host):
        return None  # `Node.js` is a name, `booking.com` may be a domain
    host = host.removesuffix(".").removeprefix("www.")
    return host if _DOMAIN.fullmatch(host) else None


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain itself or below it."""
    return host == domain or host.endswith(f".{domain}")


def language_of(*tags: str | None) -> str:
    """The primary language of the first tag that is one; English when none is."""
    for tag in tags:
        if found := _LANGUAGE.fullmatch(tag or ""):
            return found[1].lower()
    return "en"

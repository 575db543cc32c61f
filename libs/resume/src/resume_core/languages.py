"""The languages that results are written in, and which of them is meant."""

from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es")
DEFAULT_LANGUAGE: Final = "en"
_NAMES: Final = MappingProxyType(
    {"english": "en", "englisch": "en", "anglais": "en", "inglés": "en", "german": "de"}
    | {"deutsch": "de", "allemand": "de", "alemán": "de", "french": "fr", "français": "fr"}
    | {"französisch": "fr", "francés": "fr", "spanish": "es", "español": "es"}
    | {"spanisch": "es", "espagnol": "es"}
)


def language_of(*wanted: str | None) -> tuple[str, str | None]:
    """The first wanted language that results are written in, and a note when that is none of them.

    Each may be a code ("de", "de-AT"), a name ("German", "Deutsch"), or None.
    """
    asked = [one for one in wanted if one and one.strip()]
    for one in asked:
        plain = one.strip().casefold()
        code = _NAMES.get(plain) or plain.replace("_", "-").split("-")[0]
        if code in LANGUAGES:
            return code, None
    if not asked:
        return DEFAULT_LANGUAGE, None
    spoken = ", ".join(LANGUAGES)
    return DEFAULT_LANGUAGE, f"The language asked for is not one of {spoken}: English was used."

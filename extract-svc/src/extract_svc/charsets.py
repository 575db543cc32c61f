"""A page's bytes to text."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from resume_outbound.fetch import Page

_META_CHARSET = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE
)
#: Python's names of character sets; `codecs` also knows things that are none.
_PAGE_CODEC = re.compile(
    r"utf-8(-sig)?|utf-16(-[bl]e)?|cp\d+|iso8859-\d+|koi8-[ru]|gb\w+|big5\w*|euc_\w+|shift_\w+"
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What browsers read under these names (WHATWG Encoding, 4.2).
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}
_SNIFFED: Final = 1024
#: How much is looked at when nothing says what it is.
_GUESSED: Final = 64 * 1024


def decoded(page: Page) -> str:
    """By byte order mark, header, `<meta>`; else UTF-8 when it is that, else by the look of it."""
    body = page.body
    for mark, codec_of_mark in _MARKS:
        if body.startswith(mark):
            return body.decode(codec_of_mark, errors="replace")
    header = _text_codec(page.charset or "")
    meta = _META_CHARSET.search(body[:_SNIFFED])
    stated = _text_codec(meta[1].decode("ascii")) if meta else None
    if stated is not None and stated.startswith("utf-16"):
        stated = "utf-8"  # a page whose ASCII could be read is not UTF-16
    codec = header or stated or _guessed(body)
    return body.decode(codec, errors="replace")


def _guessed(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        # One stray byte makes no other encoding of a page that says all the rest in UTF-8.
        if error.start >= _GUESSED:
            return "utf-8"
        best = from_bytes(body[:_GUESSED]).best()
        return (_text_codec(best.encoding) if best is not None else None) or "utf-8"
    return "utf-8"


def _text_codec(name: str) -> str | None:
    """A character set by the name a page gives it; None when it is not one that pages use."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if _PAGE_CODEC.fullmatch(codec) else None

"""What a file is, by its first bytes and by trying, never by its name alone."""

import codecs
import io
import json
import re
import zipfile
from typing import Final

from resume_core.importing.report import Format, ImportRefusedError

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OPEN_FORMATS: Final = "Please send PDF, DOCX, plain text, Markdown or JSON Resume."
_MARKDOWN: Final = re.compile(r"^(?:#{1,4} \S|\*\*\S.*\*\*|[-*] \*\*|---$)", re.MULTILINE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def sniff(data: bytes, filename: str) -> Format:
    """The format of a file.

    Raises:
        ImportRefusedError: empty, encrypted, or of a kind that is not read.
    """
    if not data.strip():
        raise ImportRefusedError("resume_empty", "The file is empty.")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _sniff_zip(data)
    if data.startswith(_OLE):
        raise _ole_refusal(data)
    if data.startswith(_PICTURES):
        message = f"The file is a picture, and text in pictures is not read. {_OPEN_FORMATS}"
        raise ImportRefusedError("resume_unsupported", message)
    if data.startswith(b"{\\rtf"):
        raise ImportRefusedError("resume_unsupported", f"RTF files are not read. {_OPEN_FORMATS}")
    return _sniff_text(decode(data), filename)


def decode(data: bytes) -> str:
    """Text of unknown encoding: by byte order mark, else UTF-8, else Windows-1252.

    Raises:
        ImportRefusedError: this is no text.
    """
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    strange = sum(1 for c in text if c == "\ufffd" or (ord(c) < 32 and c not in "\t\n\r\f\v"))
    if strange > max(2, len(text) // 100):
        raise ImportRefusedError("resume_unsupported", f"This file is no text. {_OPEN_FORMATS}")
    return text


def _sniff_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        message = "The DOCX file is damaged: its archive cannot be opened."
        raise ImportRefusedError("resume_unreadable", message) from None
    if "word/document.xml" in names:
        return "docx"
    raise ImportRefusedError("resume_unsupported", f"This archive is no DOCX. {_OPEN_FORMATS}")


def _ole_refusal(data: bytes) -> ImportRefusedError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        message = "The file is protected by a password. Please save it without one."
        return ImportRefusedError("resume_encrypted", message)
    message = f"Old Word files (.doc) are not read. {_OPEN_FORMATS}"
    return ImportRefusedError("resume_unsupported", message)


def _sniff_text(text: str, filename: str) -> Format:
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype html", "<html", "<?xml")):
        raise ImportRefusedError("resume_unsupported", f"Web pages are not read. {_OPEN_FORMATS}")
    if start.startswith(("{", "[")) and _is_json(text, filename):
        return "json"
    is_markdown = filename.casefold().endswith((".md", ".markdown")) or _MARKDOWN.search(text)
    return "md" if is_markdown else "txt"


def _is_json(text: str, filename: str) -> bool:
    if filename.casefold().endswith(".json"):
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

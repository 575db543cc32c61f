"""What the product writes, read again: who the person is and every bullet, in order."""

import importlib
import importlib.util
import io
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

import docx
import pypdfium2
from tests.eval.golden import Person

from resume_core.jsonresume import parse_json_resume, to_json_resume
from resume_core.render import to_markdown, to_text

Export = tuple[str, Callable[[Person], bytes]]
_LIBRARY: Final = "resume_documents"


def exports() -> dict[str, Export]:
    """Every template and format the product writes, by name: a file name and how it is made."""
    if importlib.util.find_spec(_LIBRARY) is None:
        return {
            "our markdown": ("cv.md", lambda p: to_markdown(p.resume).encode()),
            "our text": ("cv.txt", lambda p: to_text(p.resume).encode()),
            "our json": ("cv.json", _json),
        }
    documents: Any = importlib.import_module(_LIBRARY)

    def export(form: str, template: str) -> Callable[[Person], bytes]:
        def made(person: Person) -> bytes:
            options = documents.Options(format=form, template=template, language=person.language)
            rendered: bytes = documents.render(person.resume, options)
            return rendered

        return made

    found = {
        f"our {form}, {template}": (f"cv.{form}", export(form, template))
        for form in ("pdf", "docx")
        for template in documents.TEMPLATES
    }
    text = {"our text": ("cv.txt", lambda p: to_text(p.resume).encode())}
    rest = {f"our {form}": (f"cv.{form}", export(form, "classic")) for form in ("md", "json")}
    return found | rest | text


def check_round_trip(person: Person) -> dict[str, tuple[int, int]]:
    """For each export: statements found again in their order, and how many there are."""
    found = {}
    for name, (filename, made) in exports().items():
        said = [_squeezed(text) for text in statements(person)]
        page, at, hits = _squeezed(_read(made(person), filename)), 0, 0
        for statement in said:
            place = page.find(statement, at)
            if place >= 0:
                at, hits = place + len(statement), hits + 1
        found[name] = (hits, len(said))
    return found


def statements(person: Person) -> Iterator[str]:
    """The person's name, then each job's bullets, then the schools: the order of all templates."""
    yield person.resume.basics.name or ""
    for entry in person.resume.work:
        yield from entry.highlights


def _json(person: Person) -> bytes:
    document = to_json_resume(person.resume, strict=True)
    return json.dumps(document, ensure_ascii=False).encode()


def _read(data: bytes, filename: str) -> str:
    """The text of a file by another reader than the importer's."""
    if filename.endswith(".pdf"):
        pdf = pypdfium2.PdfDocument(data)
        try:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
        finally:
            pdf.close()
    if filename.endswith(".docx"):
        return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
    if filename.endswith(".json"):
        return to_text(parse_json_resume(json.loads(data)))
    return data.decode()


def _squeezed(text: str) -> str:
    """Without white space and Markdown's back slashes, compatibility forms folded."""
    normal = unicodedata.normalize("NFKC", text).replace("\x02", "-").replace("\ufffe", "-")
    return "".join(c for c in normal if not c.isspace() and c not in "\\\u00ad")

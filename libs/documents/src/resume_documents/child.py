"""The child process of `sandboxed`: makes one document under its own limits.

In: JSON (`limits`, `options`, and `resume`, `letter` or `sheet`). Out: `ok` and the file, or
`refused` and JSON.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from resume_core.confined import confine
from resume_core.model import Resume
from resume_core.sheet import Sheet
from resume_documents.errors import UnfaithfulDocumentError, UnprintableError
from resume_documents.model import Letter, Limits, Options
from resume_documents.produce import Document, produce


def main() -> int:
    """Make one document; a refusal is an answer, not a failure."""
    request = json.load(sys.stdin.buffer)
    # typst works in threads, which count as processes.
    confine(Limits(**request["limits"]), processes=None)
    sys.stdout.buffer.write(answer(request))
    return 0


def answer(request: dict[str, Any]) -> bytes:
    """What the child says to a request."""
    try:
        data = produce(_document(request), Options(**request["options"]))
    except UnprintableError as error:
        return _refused(code=error.code, details=error.scripts)
    except UnfaithfulDocumentError as error:
        return _refused(code=error.code, details=error.missing)
    return b"ok\n" + data


def question(document: Document, options: Options, limits: Limits) -> bytes:
    """A request for the child."""
    asked: dict[str, Any]
    if isinstance(document, Letter):
        asked = {"letter": asdict(document)}
    elif isinstance(document, Sheet):
        asked = {"sheet": asdict(document)}
    else:
        asked = {"resume": document.model_dump(mode="json", by_alias=True, exclude_none=True)}
    asked |= {"options": asdict(options), "limits": asdict(limits)}
    return json.dumps(asked).encode()


def _document(request: dict[str, Any]) -> Document:
    if "letter" in request:
        return TypeAdapter(Letter).validate_python(request["letter"])
    if "sheet" in request:
        return TypeAdapter(Sheet).validate_python(request["sheet"])
    return Resume.model_validate(request["resume"])


def _refused(**reason: object) -> bytes:
    return b"refused\n" + json.dumps(reason).encode()


if __name__ == "__main__":
    sys.exit(main())

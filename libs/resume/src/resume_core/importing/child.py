"""The child process of `sandboxed`: reads one file from standard input under its own limits.

In: a line of JSON (`filename`, `limits`), then the file. Out: JSON, `imported` or `refused`.
"""

import json
import sys
from dataclasses import asdict

from resume_core.confined import confine
from resume_core.importing import import_resume
from resume_core.importing.report import ImportedResume, ImportLimits, ImportRefusedError
from resume_core.jsonresume import to_json_resume


def main() -> int:
    """Import one file; a refusal is an answer, not a failure."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = ImportLimits(**request["limits"])
    confine(limits)
    try:
        answer = {"imported": encode(_import(request["filename"], limits))}
    except ImportRefusedError as refusal:
        answer = {"refused": {"code": refusal.code, "message": refusal.message}}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    return 0


def encode(imported: ImportedResume) -> dict[str, object]:
    """An import as JSON-ready data."""
    return {
        "resume": to_json_resume(imported.resume),
        "format": imported.format,
        "text": imported.text,
        "report": asdict(imported.report),
        "fields": [asdict(field) for field in imported.fields],
    }


def _import(filename: str, limits: ImportLimits) -> ImportedResume:
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        return import_resume(data, filename, limits)
    except MemoryError:
        message = "The file takes too much memory to read."
        raise ImportRefusedError("resume_too_large", message) from None
    except RecursionError:
        message = "The file is nested too deeply to read."
        raise ImportRefusedError("resume_unreadable", message) from None


if __name__ == "__main__":
    sys.exit(main())

"""Documents in a child process: bounded in time and memory, off the event loop."""

import json
from typing import Final, NoReturn

from resume_core.confined import ChildFailedError, run_child
from resume_documents.child import question
from resume_documents.errors import (
    DocumentFailedError,
    UnfaithfulDocumentError,
    UnprintableError,
)
from resume_documents.model import Limits, Options
from resume_documents.produce import Document

_MODULE: Final = "resume_documents.child"
#: One document at a time needs one thread; a thread for each of many cores needs much memory.
_VARIABLES: Final = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


async def produce_in_child(
    document: Document, options: Options, limits: Limits | None = None
) -> bytes:
    """`produce` in a process of its own, without this one's environment or open files.

    Raises:
        UnprintableError: it has characters that no font of ours has.
        UnfaithfulDocumentError: something was not found again in the finished file.
        DocumentFailedError: making it crashed, or took too much time or memory.
    """
    limits = limits or Limits()
    try:
        output = await run_child(
            _MODULE,
            question(document, options, limits),
            wall_s=limits.wall_s,
            most=limits.file_bytes,
            variables=_VARIABLES,
        )
    except (TimeoutError, ChildFailedError) as error:
        raise DocumentFailedError(type(error).__name__) from None
    status, _, body = output.partition(b"\n")
    if status != b"ok":
        _refuse(body)
    return body


def _refuse(body: bytes) -> NoReturn:
    try:
        reason = json.loads(body)
        code, details = reason["code"], reason["details"]
    except (ValueError, KeyError, TypeError):
        raise DocumentFailedError("no answer") from None
    if code == UnprintableError.code:
        raise UnprintableError(details)
    raise UnfaithfulDocumentError(details)

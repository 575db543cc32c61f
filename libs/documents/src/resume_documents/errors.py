"""How a document is refused; no error quotes the document.

DocumentError
├── UnprintableError         no font of ours has its characters
├── UnfaithfulDocumentError  the finished file does not say everything it should
└── DocumentFailedError      making it crashed, or took too much time or memory
"""

from collections.abc import Sequence


class DocumentError(Exception):
    """A document could not be made. `code` is stable."""

    code = "document_failed"


class UnprintableError(DocumentError):
    """Characters that would come out as empty boxes; `scripts` names their scripts."""

    code = "characters_not_printable"

    def __init__(self, scripts: Sequence[str]) -> None:
        super().__init__(f"cannot print: {', '.join(scripts)}")
        self.scripts = tuple(scripts)


class UnfaithfulDocumentError(DocumentError):
    """Facts that are not found again in the finished file; `missing` has ids, never text."""

    code = "document_unfaithful"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{len(missing)} facts not found in the file")
        self.missing = tuple(missing)


class DocumentFailedError(DocumentError):
    """Making the document failed."""

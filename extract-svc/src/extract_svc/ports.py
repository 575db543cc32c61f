"""What the handlers need from the world."""

from typing import Protocol

from resume_contracts.facts import Posting
from resume_core.importing import ImportedResume
from resume_outbound.fetch import Page


class Fetch(Protocol):
    """Reads one page of a user's choosing, safely."""

    async def get(self, url: str, *, deadline: float) -> Page:
        """Return the page before `deadline` (monotonic seconds).

        Raises:
            FetchRefusedError: with the stable code that says why there is no page.
            OutboundError: no slot came free, or too little time is left.
        """


class ReadPage(Protocol):
    """Turns a fetched page into a posting, where a hostile page can do no harm."""

    async def __call__(self, page: Page, company: str | None) -> Posting:
        """Return the posting; `company` is the user's word on who offers it.

        Raises:
            PostingError: with the stable code that says why the page is no posting.
        """


class Files(Protocol):
    """Uploaded files, by key."""

    async def read(self, key: str) -> bytes:
        """Return the file's bytes, or raise `FileNotFoundError`."""


class ReadResume(Protocol):
    """Turns a file into a resume, in a child process with limits."""

    async def __call__(self, data: bytes, filename: str) -> ImportedResume:
        """Return what was read, or raise `ImportRefusedError` with a stable code."""

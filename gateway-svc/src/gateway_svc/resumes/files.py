"""Uploaded files in object storage, under names of our own making."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG

#: Bytes of a file that are in memory at once while it is read.
PIECE: Final = 256 * 1024
#: Files of one page of a listing.
PAGE: Final = 500

_FOLDER: Final = "uploads"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the storage, and when it was written."""

    key: str
    at: datetime

    @property
    def owner(self) -> tuple[UUID, UUID] | None:
        """The user and the resume that its name says; None for a name not of our making."""
        try:
            _, user_id, resume_id = self.key.split("/")
            return UUID(user_id), UUID(resume_id)
        except ValueError:
            return None


class ResumeFiles:
    """One bucket or folder; keys hold ids only, never a user's file name."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def at(cls, url: str) -> "ResumeFiles":
        """The store at a URL such as `file:///srv/files` or `s3://bucket`.

        Raises:
            StartupError: there is no such kind of storage, or the directory cannot be made.
        """
        try:
            return cls(from_url(url, mkdir=True) if url.startswith("file:") else from_url(url))
        except (BaseError, ValueError, OSError) as error:
            # The error's own text may quote credentials of the URL.
            raise StartupError(
                f"FILES_URL: names no usable storage ({type(error).__name__})",
                exit_code=EXIT_CONFIG,
            ) from None

    @staticmethod
    def key(user_id: UUID, resume_id: UUID) -> str:
        """Where a resume's file is kept."""
        return f"{_FOLDER}/{user_id}/{resume_id}"

    async def put(self, key: str, data: bytes) -> None:
        """Store a file."""
        await self._store.put_async(key, data)

    async def read(self, key: str) -> AsyncGenerator[bytes, None]:
        """A file in pieces.

        Raises:
            FileNotFoundError: it is not there.
        """
        found = await self._store.get_async(key)
        async for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    async def exists(self, key: str) -> bool:
        """Whether a file is there."""
        try:
            await self._store.head_async(key)
        except FileNotFoundError:
            return False
        return True

    async def pages(self) -> AsyncGenerator[list[StoredFile], None]:
        """Every file, a page at a time, in no order."""
        async for page in self._store.list(_FOLDER, chunk_size=PAGE):
            yield [StoredFile(str(meta["path"]), meta["last_modified"]) for meta in page]

    async def delete(self, key: str) -> None:
        """Delete a file; one that is gone already is fine."""
        try:
            await self._store.delete_async(key)
        except FileNotFoundError:
            return

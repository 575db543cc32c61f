"""Uploaded files in object storage, under names of our own making."""

from uuid import UUID

from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG


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
        return f"uploads/{user_id}/{resume_id}"

    async def put(self, key: str, data: bytes) -> None:
        """Store a file."""
        await self._store.put_async(key, data)

    async def delete(self, key: str) -> None:
        """Delete a file; one that is gone already is fine."""
        try:
            await self._store.delete_async(key)
        except FileNotFoundError:
            return

"""Uploaded files in object storage, through obstore (S3-compatible or a local directory)."""

import obstore
from obstore.store import ObjectStore


class ObstoreFiles:
    """`Files` over any store that obstore speaks to."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def read(self, key: str) -> bytes:
        """Return the object's bytes; a missing one raises `FileNotFoundError`."""
        result = await obstore.get_async(self._store, key)
        return bytes(await result.bytes_async())

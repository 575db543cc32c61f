"""A ZIP archive as a stream: in memory is what one member has in hand, and the list of them.

`zipfile` writes to anything that takes bytes; what it wrote is taken away before the next piece.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unicodedata import category, normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

#: What is harmless in every file system, beside letters, marks and digits of any script.
_HARMLESS: Final = frozenset(" ._()+,-")
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
#: Bytes: file systems allow 255 of them in a name.
_LONGEST_NAME: Final = 200


Pieces = AsyncGenerator[bytes, None]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. Its path is of our making, `/` between its parts.

    `is_packed`: it is compressed already, and is stored as it is.
    """

    path: str
    data: bytes | Pieces
    is_packed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: its path, bytes and SHA-256 in hex."""

    path: str
    size: int
    sha256: str


async def zipped(
    members: AsyncGenerator[Member, None],
    now: datetime,
    *,
    last: Callable[[Sequence[Written]], Member],
) -> Pieces:
    """The archive of the members, and of what `last` makes of the list of them.

    Packing leaves the event loop. Raises what a member raises; the archive is then not whole.
    """
    sink = _Sink()
    archive = ZipFile(sink, "w")
    written: list[Written] = []
    async with aclosing(members) as each:
        async for member in each:
            async with aclosing(_packed(archive, sink, member, now, written)) as pieces:
                async for piece in pieces:
                    yield piece
    async with aclosing(_packed(archive, sink, last(written), now, written)) as pieces:
        async for piece in pieces:
            yield piece
    archive.close()
    yield sink.take()


def safe_name(given: str) -> str:
    """A user's file name as the last part of a path: what it was called, and nothing else."""
    plain = normalize("NFC", given.encode("utf-8", "ignore").decode())
    kept = "".join(c if c in _HARMLESS or category(c)[0] in "LMN" else " " for c in plain)
    ending = " ".join(kept.split()).encode()[-_LONGEST_NAME:]
    name = ending.decode(errors="ignore").strip(". ")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name


class _Sink:
    """What `zipfile` takes for a file that cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


async def _packed(
    archive: ZipFile, sink: _Sink, member: Member, now: datetime, written: list[Written]
) -> Pieces:
    info = ZipInfo(member.path, date_time=now.timetuple()[:6])
    info.compress_type = ZIP_STORED if member.is_packed else ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w") as entry:
        async with aclosing(_pieces(member.data)) as pieces:
            async for piece in pieces:
                digest.update(piece)
                size += len(piece)
                await asyncio.to_thread(entry.write, piece)
                if out := sink.take():
                    yield out
    written.append(Written(member.path, size, digest.hexdigest()))
    if out := sink.take():
        yield out


async def _pieces(data: bytes | Pieces) -> Pieces:
    if isinstance(data, bytes):
        yield data
        return
    async with aclosing(data) as each:
        async for piece in each:
            yield piece

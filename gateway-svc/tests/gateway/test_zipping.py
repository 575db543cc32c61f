"""Archives as streams: whole, safe to unpack, and small in memory."""

import hashlib
import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_svc.account.zipping import Member, Pieces, Written, safe_name, zipped

NOW = datetime(2026, 11, 28, 12, 30, 2, tzinfo=UTC)
MIB = 1024 * 1024


def listing(written: Sequence[Written]) -> Member:
    return Member("list.json", json.dumps([[w.path, w.size, w.sha256] for w in written]).encode())


async def members(*given: Member) -> AsyncGenerator[Member, None]:
    for member in given:
        yield member


async def noise(mib: int) -> Pieces:
    """Bytes that nothing packs."""
    source = random.Random(7)
    for _ in range(4 * mib):
        yield source.randbytes(MIB // 4)


async def test_archive_has_every_member_and_their_list() -> None:
    made = members(Member("a/b.json", b'{"a": 1}' * 500), Member("c", noise(1), is_packed=True))
    data = b"".join([piece async for piece in zipped(made, NOW, last=listing)])
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == ["a/b.json", "c", "list.json"]
    for path, size, digest in json.loads(archive.read("list.json")):
        content = archive.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)
    packed, stored, _ = archive.infolist()
    assert packed.compress_size < 100
    assert stored.compress_size == MIB
    assert packed.date_time == (2026, 11, 28, 12, 30, 2)


async def test_memory_holds_a_piece_and_no_archive() -> None:
    made = members(*(Member(f"{n}", noise(16), is_packed=n % 2 == 0) for n in range(4)))
    tracemalloc.start()
    try:
        size = 0
        async for piece in zipped(made, NOW, last=listing):
            size += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 64 * MIB
    assert peak < 4 * MIB


async def test_member_that_breaks_leaves_no_whole_archive() -> None:
    async def broken() -> Pieces:
        yield b"begun"
        raise FileNotFoundError

    sent = b""

    async def send() -> None:
        nonlocal sent
        async for piece in zipped(members(Member("x", broken())), NOW, last=listing):
            sent += piece

    with pytest.raises(FileNotFoundError):
        await send()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(sent))


@given(st.text(max_size=300))
def test_any_name_stays_in_its_folder(given_name: str) -> None:
    name = safe_name(given_name)
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('/\\:*?"<>|\0\u202e\n\r')
    assert PurePosixPath("folder", name).parent == PurePosixPath("folder")
    assert PureWindowsPath("folder", name).parent == PureWindowsPath("folder")
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 201
    assert safe_name(name) == name


def test_long_name_can_be_a_file_and_keeps_its_ending(tmp_path: Path) -> None:
    """File systems count bytes, 255 of them; a client may give 200 characters."""
    name = safe_name("履歴書" * 65 + ".pdf")
    (tmp_path / name).touch()
    assert name.endswith("履歴書.pdf")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "etc passwd"),
        ("Lebenslauf \u2013 Jürgen Groß (2).docx", "Lebenslauf Jürgen Groß (2).docx"),
        ("Lebenslauf Ju\u0308rgen.pdf", "Lebenslauf Jürgen.pdf"),
        ("बायोडाटा.pdf", "बायोडाटा.pdf"),
        ("سيرة ذاتية.pdf", "سيرة ذاتية.pdf"),
        ("cv\u202efdp.exe", "cv fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("...", "_"),
        ("", "_"),
    ],
)
def test_names_stay_readable(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name

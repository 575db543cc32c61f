import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from extract_svc.pages import PageReaders
from extract_svc.postings import PostingError
from resume_contracts.errors import ErrorCode

from .making import PROSE, page

GOOD = page(f"<h1>Night Driver</h1><p>{PROSE}</p>")


@pytest.fixture
async def readers() -> AsyncIterator[PageReaders]:
    async with aclosing(PageReaders(count=1, limit_s=20)) as readers:
        yield readers


def children(readers: PageReaders) -> list[int]:
    return [child.pid for child in readers._idle]


async def test_pages_are_read_one_after_the_other_by_the_same_child(readers: PageReaders) -> None:
    titles = [posting.title for posting in [await readers(GOOD, None) for _ in range(3)]]
    first = children(readers)
    posting = await readers(GOOD, "Blue Mill")

    assert [title.value for title in titles if title] == ["Night Driver"] * 3
    assert posting.company is not None
    assert posting.company.value == "Blue Mill"
    assert children(readers) == first


async def test_refusal_of_a_page_keeps_its_code_and_the_child(readers: PageReaders) -> None:
    with pytest.raises(PostingError) as caught:
        await readers(page("<p>Soon."), None)

    assert caught.value.code is ErrorCode.POSTING_EMPTY
    assert caught.value.message
    assert len(children(readers)) == 1


async def test_page_that_takes_too_long_is_killed_with_its_child() -> None:
    """Deep nesting keeps the parser busy for minutes; the next page is read all the same."""
    async with aclosing(PageReaders(count=1, limit_s=20)) as readers:
        await readers(GOOD, None)
        (child,) = children(readers)
        readers._limit_s = 1
        with pytest.raises(PostingError) as caught:
            await readers(page("<ul><li>a" * 60_000), None)
        readers._limit_s = 20

        assert caught.value.code is ErrorCode.POSTING_TOO_LARGE
        assert not _lives(child)
        assert (await readers(GOOD, None)).title is not None


async def test_child_that_died_while_idle_is_replaced(readers: PageReaders) -> None:
    await readers(GOOD, None)
    (child,) = readers._idle
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()

    assert (await readers(GOOD, None)).title is not None


async def test_reader_given_up_kills_its_child(readers: PageReaders) -> None:
    await readers(GOOD, None)
    (child,) = children(readers)
    reading = asyncio.create_task(readers(page("<ul><li>a" * 60_000), None))
    while children(readers):
        await asyncio.sleep(0.01)
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not _lives(child)


async def test_children_end_with_their_owner() -> None:
    async with aclosing(PageReaders(count=1)) as readers:
        await readers(GOOD, None)
        (child,) = children(readers)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

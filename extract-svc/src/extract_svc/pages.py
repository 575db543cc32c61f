"""Pages are read in child processes: a hostile one harms nothing but its own reading.

Half a megabyte of nested tags keeps an HTML parser busy for minutes, and no thread can be stopped.
A child is kept for the next page, and killed with the page that takes it too long.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict

from extract_svc.boards import BoardPosting
from extract_svc.page_child import Answer, Question
from extract_svc.postings import PostingError
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting
from resume_outbound.fetch import Page

_MODULE = "extract_svc.page_child"
#: Bytes of an answer; a posting is capped far below.
_LONGEST_ANSWER = 256 * 1024


class PageReaders:
    """`ReadPage` over at most `count` children, each started when it is first needed.

    `limit_s` is how long one page may take. Close it with `aclose`.
    """

    def __init__(self, *, count: int = 2, limit_s: float = 15.0) -> None:
        self._slots = asyncio.Semaphore(count)
        self._limit_s = limit_s
        self._idle: list[Process] = []

    async def __call__(
        self, page: Page, company: str | None, board: BoardPosting | None = None
    ) -> Posting:
        """Read a page; see the port."""
        async with self._slots:
            child = await self._child()
            healthy = False
            try:
                async with asyncio.timeout(self._limit_s):
                    answer = await _ask(child, page, company, board)
                healthy = True
            except (TimeoutError, EOFError, OSError, ValueError):
                raise PostingError(
                    ErrorCode.POSTING_TOO_LARGE,
                    "The page is too complicated to read. Paste the posting's text instead.",
                ) from None
            finally:
                if healthy:
                    self._idle.append(child)
                else:
                    await _end(child)
        if answer.posting is None:
            raise PostingError(answer.code or ErrorCode.POSTING_EMPTY, answer.message)
        return answer.posting

    async def aclose(self) -> None:
        """End the children that wait for a page."""
        while self._idle:
            await _end(self._idle.pop())

    async def _child(self) -> Process:
        while self._idle:
            child = self._idle.pop()
            if child.returncode is None:
                return child
        # -I: neither the working directory nor PYTHON* variables decide what is imported.
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", _MODULE),
            stdin=PIPE,
            stdout=PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "PATH": os.defpath},
            start_new_session=True,
            limit=_LONGEST_ANSWER,
        )


async def _ask(
    child: Process, page: Page, company: str | None, board: BoardPosting | None
) -> Answer:
    questions, answers = child.stdin, child.stdout
    if questions is None or answers is None:
        raise RuntimeError("the child has no pipes")
    others = {"size": len(page.body), "company": company, "board": board}
    about = {name: value for name, value in asdict(page).items() if name != "body"}
    question = Question.model_validate(about | others)
    questions.write(question.model_dump_json().encode() + b"\n" + page.body)
    await questions.drain()
    line = await answers.readline()
    if not line:
        raise EOFError
    return Answer.model_validate_json(line)


async def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()
    await child.wait()

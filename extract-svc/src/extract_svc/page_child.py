"""`python -m extract_svc.page_child`: reads pages that its parent hands it, one after the other.

A question is a line of JSON (`Question`) and the page's body, an answer a line of JSON (`Answer`).
It ends when its input ends, so it never outlives its parent.
"""

import resource
import sys
from datetime import datetime
from typing import BinaryIO

from pydantic import BaseModel

from extract_svc.boards import BoardPosting
from extract_svc.postings import PostingError, posting_from_board_answer, posting_from_fetched
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting
from resume_outbound.fetch import Page

#: Address space in bytes.
MEMORY = 1024 * 1024 * 1024


class Question(BaseModel):
    """A fetched page but for its body, whose `size` bytes follow.

    `board` says which posting is wanted when it is a job board's answer.
    """

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    hops: int
    fetched_at: datetime
    size: int
    company: str | None
    board: BoardPosting | None = None


class Answer(BaseModel):
    """The posting, or why there is none."""

    posting: Posting | None = None
    code: ErrorCode | None = None
    message: str = ""


def answer(question: Question, body: bytes) -> Answer:
    """Read one page."""
    data = question.model_dump(exclude={"size", "company", "board"})
    page = Page(**data, body=body)
    try:
        if question.board is not None:
            posting = posting_from_board_answer(page, question.board, company=question.company)
        else:
            posting = posting_from_fetched(page, company=question.company)
    except PostingError as error:
        return Answer(code=error.code, message=error.message)
    return Answer(posting=posting)


def main(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while line := questions.readline():
        question = Question.model_validate_json(line)
        body = questions.read(question.size)
        answers.write(answer(question, body).model_dump_json().encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

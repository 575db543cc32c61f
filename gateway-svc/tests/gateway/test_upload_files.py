"""What becomes of an uploaded file when its job is refused, or when nobody knows."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from gateway_svc.origin import Origin
from gateway_svc.resumes import uploads
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.uploads import ReceivedFile, accept_upload
from resume_runtime.errors import ProblemError

USER, RESUME, JOB = (UUID(int=n) for n in (1, 2, 3))
ORIGIN = Origin()


@pytest.mark.parametrize(
    ("outcome", "is_kept"),
    [
        ((JOB, False), True),
        ((JOB, True), False),  # the job of the same upload before has a file of its own
        (ProblemError(402, "budget_exhausted", "No budget", "None is left."), False),
        (ConnectionResetError("lost at commit"), True),  # the job may be there
    ],
    ids=["accepted", "replayed", "refused", "unknown"],
)
async def test_a_file_goes_only_when_no_job_can_need_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    outcome: Exception | tuple[UUID, bool],
    is_kept: bool,  # noqa: FBT001  the parameter of a table
) -> None:
    async def submit(*_: object, **__: object) -> tuple[UUID, bool]:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(uploads, "submit", submit)
    files = ResumeFiles.at(tmp_path.as_uri())
    edge: Any = SimpleNamespace(files=files, new_id=lambda: RESUME)
    sent = ReceivedFile("cv.txt", b"Ada")
    if isinstance(outcome, Exception):
        with pytest.raises(type(outcome)):
            await accept_upload(edge, USER, sent, keyed=None, origin=ORIGIN)
    else:
        assert await accept_upload(edge, USER, sent, keyed=None, origin=ORIGIN) == outcome
    assert await files.exists(files.key(USER, RESUME)) is is_kept

"""What a letter or an interview pack takes over from the tailored resume it goes with."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from gateway_svc.decisions.store import StoredChanges
from gateway_svc.edge import Edge
from gateway_svc.jobs.errors import tailored_mismatch, tailored_too_large
from gateway_svc.jobs.schemas import PackRequest, ProductRequest
from resume_contracts.facts import (
    TAILORED_LIMIT,
    BaseResume,
    Claim,
    ConfirmedFact,
    Submission,
    Tailored,
)
from resume_core.emphasis import emphasis
from resume_core.facts import with_confirmed
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume


@dataclass(frozen=True, slots=True)
class Pack:
    """A tailored resume with all that it was made from, so that one pack tells one truth."""

    resume: BaseResume
    confirmed: tuple[ConfirmedFact, ...]
    posting_id: UUID
    company: str | None
    tailored: Tailored

    def submission(self, asked: Submission) -> Submission:
        """What was asked for, for the tailored resume's posting and company."""
        return asked.model_copy(update={"posting_id": self.posting_id, "company": self.company})


async def pack_for(edge: Edge, user_id: UUID, request: ProductRequest) -> Pack | None:
    """What the request's tailored resume brings; None when it names none.

    Raises:
        ProblemError: there is no such result (404), it is of another resume or posting or its
            posting was deleted (409), or it is too large (413).
    """
    if not isinstance(request, PackRequest) or request.tailored_id is None:
        return None
    stored = await edge.decider.read(request.tailored_id, user_id)
    if stored.resume_id != request.base_resume_id:
        raise tailored_mismatch("The tailored resume was made from another base resume.")
    if stored.posting_id is None:
        raise tailored_mismatch("The posting of the tailored resume was deleted.")
    if request.posting_id not in {None, stored.posting_id}:
        raise tailored_mismatch("The tailored resume was made for another posting.")
    tailored = await asyncio.to_thread(_tailored, request.tailored_id, stored)
    if len(tailored.model_dump_json().encode()) > TAILORED_LIMIT:
        raise tailored_too_large(TAILORED_LIMIT)
    return Pack(
        stored.resume,
        stored.confirmed,
        stored.posting_id,
        stored.document["posting"]["company"] or None,
        tailored,
    )


def _tailored(result_id: UUID, stored: StoredChanges) -> Tailored:
    base = with_confirmed(Resume.model_validate(stored.resume.document), stored.confirmed)
    forward = emphasis(base, stored.changes)
    return Tailored(
        result_id=result_id,
        version=stored.version,
        document=to_json_resume(forward.resume),
        emphasised=forward.emphasised,
        claims=tuple(Claim(entry_id=entry, text=text) for entry, text in forward.claims),
    )

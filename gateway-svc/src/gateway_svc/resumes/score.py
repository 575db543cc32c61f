"""`GET /api/resumes/{id}/score`: how well a resume reads, and how well it fits a posting."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.schemas import Language
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.errors import resume_not_ready
from resume_core.coverage import cover
from resume_core.facts import confirmed_facts, with_confirmed
from resume_core.gaps import Gap, find_gaps
from resume_core.languages import language_of
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.scores import SCORES_VERSION, Score, match_score, readability_score
from resume_core.skills import SkillCatalog
from resume_runtime.schemas import ApiModel

router = APIRouter(prefix="/api/resumes/{resume_id}/score", tags=["resumes"])


class ResumeMatch(ApiModel):
    """How a resume fits a posting: the score, the most that is true, and what is open.

    `score` is None when the posting asks for nothing that can be scored.
    """

    posting_id: UUID
    score: Score | None
    ceiling: int | None
    requirements: list[Requirement]
    gaps: list[Gap]


class ResumeScore(ApiModel):
    """The scores of one version of a resume; each point says which rule gave it, why and where."""

    resume_id: UUID
    version: int
    readability: Score
    match: ResumeMatch | None = None
    scores_version: str = SCORES_VERSION
    catalog_version: str


@router.get("", dependencies=[Depends(counted(Kind.READS))])
async def score(
    *,
    resume_id: UUID,
    user: CurrentUser,
    edge: EdgeDep,
    posting_id: Annotated[UUID | None, Query(alias="postingId")] = None,
    language: Annotated[
        Language | None, Query(description="Of the questions and explanations.")
    ] = None,
) -> ResumeScore:
    """Score the present version: computed, never asked of a model, and the same every time.

    With `postingId` also against a stored posting; what the resume does not show of it comes as
    questions. Questions and explanations are in the posting's language unless another is asked for.
    """
    found = await edge.resumes.read(resume_id, user.user_id)
    if found.document is None:
        raise resume_not_ready()
    facts = await edge.facts.all(resume_id, user.user_id)
    resume = with_confirmed(Resume.model_validate(found.document), facts)
    match, (spoken, _) = None, language_of(language)
    if posting_id is not None:
        _, posting, requirements = await edge.postings.read(posting_id, user.user_id)
        spoken, _ = language_of(language or posting.language)
        match = await asyncio.to_thread(
            _match, resume, posting_id, requirements, edge.catalog, spoken
        )
    return ResumeScore(
        resume_id=resume_id,
        version=found.version,
        readability=await asyncio.to_thread(readability_score, resume, spoken),
        match=match,
        catalog_version=edge.catalog.version,
    )


def _match(
    resume: Resume,
    posting_id: UUID,
    requirements: list[Requirement],
    catalog: SkillCatalog,
    language: str,
) -> ResumeMatch:
    coverage = cover(resume, requirements, catalog)
    confirmed = {fact.id for fact in confirmed_facts(resume)}
    most = match_score(requirements, coverage, confirmed, honest_ceiling=True)
    return ResumeMatch(
        posting_id=posting_id,
        score=match_score(requirements, coverage, confirmed, language=language),
        ceiling=None if most is None else most.value,
        requirements=requirements,
        gaps=list(find_gaps(resume, requirements, coverage, language)),
    )

"""The only SQL about what a result was made from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway_svc.database import Pool
from resume_contracts.facts import ConfirmedFact
from resume_contracts.workflows import Workflow

_READ = """
    select j.facts #> '{resume,document}' as resume, j.facts -> 'confirmed' as confirmed,
           j.facts #> '{tailored,document}' as tailored
      from gateway.results r join gateway.jobs j on j.id = r.job_id
     where r.id = $1 and r.user_id = $2 and r.product = $3
"""


@dataclass(frozen=True, slots=True)
class Origins:
    """The documents and facts of a result's job, frozen when it was accepted."""

    resume: dict[str, Any] | None
    tailored: dict[str, Any] | None
    confirmed: tuple[ConfirmedFact, ...]


async def origins_of(
    pool: Pool, result_id: UUID, user_id: UUID, product: Workflow
) -> Origins | None:
    """What a user's result was made from; None when there is no such result."""
    record = await pool.fetchrow(_READ, result_id, user_id, product.value)
    if record is None:
        return None
    return Origins(
        resume=record["resume"],
        tailored=record["tailored"],
        confirmed=tuple(map(ConfirmedFact.model_validate, record["confirmed"] or ())),
    )

"""Keeping the postings that jobs have read, in the transaction that folds the fact."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from gateway_svc.database import Connection
from resume_contracts.facts import Posting, Source

#: In the order of the digests, so that two who keep the same two do not wait for each other.
_KEEP = """
    insert into gateway.postings
           (id, user_id, job_id, digest, url, final_url, is_public, title, company, posting,
            created_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::text[],
                         $7::bool[], $8::text[], $9::text[], $10::jsonb[], $11::timestamptz[])
           as p (id, user_id, job_id, digest, url, final_url, is_public, title, company, posting,
                 created_at)
     order by user_id, digest
    on conflict (user_id, digest) do nothing
"""
_FIND = """
    select f.place, p.id
      from unnest($1::uuid[], $2::bytea[]) with ordinality as f (user_id, digest, place)
      join gateway.postings p on p.user_id = f.user_id and p.digest = f.digest
     order by f.place
"""
_POINT = """
    update gateway.jobs j set posting_id = f.posting_id
      from unnest($1::uuid[], $2::uuid[]) as f (job_id, posting_id)
     where j.id = f.job_id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A posting that a job has read; `is_current`: in the run that the job is in."""

    job_id: UUID
    user_id: UUID
    posting: Posting
    at: datetime
    is_current: bool

    @property
    def is_public(self) -> bool:
        """Whether it was had by its address."""
        return self.posting.route is not Source.PASTED

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was read and where; not of how, nor of when."""
        read = self.posting
        stated = (read.title, read.company, read.location, read.employment_type, read.salary)
        what = [
            read.final_url or read.url,
            read.text,
            *(None if field is None else field.value for field in stated),
        ]
        return hashlib.sha256(orjson.dumps(what)).digest()


async def keep(
    connection: Connection, found: Sequence[Found], *, new_id: Callable[[], UUID]
) -> dict[UUID, UUID]:
    """Store postings that are not there yet and tell their jobs; returns the posting of each job.

    The jobs' rows are locked by the caller.
    """
    if not found:
        return {}
    digests = [one.digest for one in found]
    read = [one.posting for one in found]
    await connection.execute(
        _KEEP,
        [new_id() for _ in found],
        [one.user_id for one in found],
        [one.job_id for one in found],
        digests,
        [posting.url for posting in read],
        [posting.final_url for posting in read],
        [one.is_public for one in found],
        [None if posting.title is None else posting.title.value for posting in read],
        [None if posting.company is None else posting.company.value for posting in read],
        [posting.model_dump(mode="json") for posting in read],
        [one.at for one in found],
    )
    records = await connection.fetch(_FIND, [one.user_id for one in found], digests)
    named = {one.job_id: record["id"] for one, record in zip(found, records, strict=True)}
    current = {one.job_id: named[one.job_id] for one in found if one.is_current}
    await connection.execute(_POINT, list(current), list(current.values()))
    return named

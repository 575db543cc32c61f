"""How long the gateway keeps what: the table of kinds, and the loop that enforces it.

What a person made or asked for stays until they delete it, unless a setting says otherwise; what
only the operation needs has an end. `docs/operations/retention.md` tells it to operators.
"""

from datetime import timedelta
from typing import Final

import asyncpg
import structlog

from gateway_svc.database import UNREACHABLE
from gateway_svc.resumes.filesweep import FileSweep
from gateway_svc.settings import RelaySettings
from resume_runtime.clock import Sleep
from resume_runtime.retention import Kind, Retention, aged, days

log = structlog.get_logger()

#: Seconds between two rounds.
EVERY_S: Final = 60.0

#: A walk in the order of the ids, which is that of the times they were made.
_SEEN = """
    with seen as (
        select id from gateway.{table} where id > $3 and id < $4 order by id limit $2),
"""
_ANSWER = """
    select (select count(*) from gone) as deleted,
           (select id from seen order by id desc limit 1) as last
"""
_BILLED = "jsonb_path_exists(e.body, '$.usage[0]')"

#: Results of reading a file or a posting go with their job: what was read has a row of its own.
_OWN_RESULT = "r.product not in ('parse_resume', 'capture_posting')"

_RESUMES = """
    due as (
        select r.id, r.user_id from gateway.resumes r join seen using (id)
         where r.updated_at <= $1 and r.state <> 'parsing'
           and not exists (select from gateway.confirmed_facts f
                            where f.resume_id = r.id and f.created_at > $1)
           for update of r skip locked),
    read as (
        delete from gateway.results r using gateway.jobs j, due
         where r.job_id = j.id and j.user_id = due.user_id and j.resume_id = due.id
           and j.workflow = 'parse_resume'),
    gone as (delete from gateway.resumes r using due where r.id = due.id returning 1)
"""
#: The row forgets its file; the file without a row goes next.
_FILES = """
    due as (
        select r.id from gateway.resumes r join seen using (id)
         where r.file_key is not null and r.created_at <= $1 and r.state <> 'parsing'
           for update of r skip locked),
    gone as (
        update gateway.resumes r set file_key = null, file_name = null, file_size = null
          from due where r.id = due.id returning 1)
"""
_POSTINGS = """
    due as (
        select p.id from gateway.postings p join seen using (id)
         where p.created_at <= $1
           and not exists (select from gateway.jobs j
                            where j.posting_id = p.id and j.ended_by is null)
           for update of p skip locked),
    read as (
        delete from gateway.results r using gateway.jobs j, due
         where r.job_id = j.id and j.posting_id = due.id and j.workflow = 'capture_posting'),
    forgotten as (
        update gateway.jobs j set posting_id = null from due where j.posting_id = due.id),
    gone as (delete from gateway.postings p using due where p.id = due.id returning 1)
"""
_RESULTS = f"""
    due as (
        select r.id from gateway.results r join seen using (id)
         where r.created_at <= $1 and {_OWN_RESULT}
           and not exists (select from gateway.result_decisions d
                            where d.result_id = r.id and d.decided_at > $1)
           for update of r skip locked),
    unnamed as (update gateway.jobs j set tailored_id = null from due where j.tailored_id = due.id),
    gone as (delete from gateway.results r using due where r.id = due.id returning 1)
"""  # noqa: S608  constants
#: What later ones overrule: decisions change by change, so that the last about each change stays;
#: an edit of a whole document by the next one.
_DECISIONS = """
    gone as (
        delete from gateway.result_decisions d using seen
         where d.result_id = seen.id and d.decided_at <= $1
           and case jsonb_typeof(d.decisions) when 'array' then not exists (
                 select from jsonb_array_elements(d.decisions) as one
                  where not exists (
                        select from gateway.result_decisions later
                         where later.result_id = d.result_id and later.version > d.version
                           and later.decisions @> jsonb_build_array(
                               jsonb_build_object('changeId', one -> 'changeId'))))
               else exists (
                 select from gateway.result_decisions later
                  where later.result_id = d.result_id and later.version > d.version) end
        returning 1)
"""
#: A history goes from its first fact on, so that what is left of one is never taken for whole.
_EVENTS = f"""
    due as (
        select j.id from gateway.jobs j join seen using (id)
         where j.ended_by is not null and j.deadline_at <= $1),
    gone as (
        delete from gateway.job_events e using due where e.job_id = due.id and not {_BILLED}
        returning 1)
"""  # noqa: S608  constants
_USAGE = f"""
    due as (
        select j.id from gateway.jobs j join seen using (id)
         where j.ended_by is not null and j.deadline_at <= $1
           and not exists (select from gateway.job_events f where f.job_id = j.id and f.seq = 1)),
    gone as (
        delete from gateway.job_events e using due where e.job_id = due.id and {_BILLED}
        returning 1)
"""  # noqa: S608  constants
#: A job goes last, when nothing that is kept hangs on it.
_JOBS = f"""
    due as (
        select j.id from gateway.jobs j join seen using (id)
         where j.ended_by is not null and j.deadline_at <= $1
           and not exists (select from gateway.job_events e where e.job_id = j.id)
           and not exists (select from gateway.results r where r.job_id = j.id and {_OWN_RESULT})
           for update of j skip locked),
    gone as (delete from gateway.jobs j using due where j.id = due.id returning 1)
"""  # noqa: S608  constants


def kinds(settings: RelaySettings) -> tuple[Kind, ...]:
    """Every kind of the gateway's, in the order in which they make room for each other."""
    s = settings
    return (
        _walk("resumes", "resumes", days(s.retention_resumes_days), _RESUMES),
        _walk("uploaded_files", "resumes", days(s.retention_files_days), _FILES, _OLDEST_FILE),
        _walk("postings", "postings", days(s.retention_postings_days), _POSTINGS),
        _walk("results", "results", days(s.retention_results_days), _RESULTS),
        _walk(
            "decisions", "results", days(s.retention_decisions_days), _DECISIONS, _OLDEST_DECISION
        ),
        _walk("job_events", "jobs", days(s.retention_job_events_days), _EVENTS, _OLDEST_EVENT),
        _walk("usage", "jobs", days(s.retention_usage_days), _USAGE, _OLDEST_USAGE),
        _walk("jobs", "jobs", days(s.retention_jobs_days), _JOBS, _OLDEST_JOB),
        aged(
            "dead_letters",
            "gateway.dead_letters",
            "received_at",
            days(s.retention_dead_letters_days),
        ),
        aged(
            "idempotency_keys",
            "gateway.idempotency_keys",
            "expires_at",
            days(s.retention_idempotency_keys_days),
        ),
        aged("tickets", "gateway.tickets", "expires_at", days(s.retention_tickets_days)),
        # These end by themselves: a token that is over, a state that was told anew.
        aged("revoked_sessions", "gateway.revoked_sessions", "expires_at", timedelta(0)),
        aged("provider_states", "gateway.provider_states", "occurred_at", timedelta(days=1)),
    )


_OLDEST_FILE = """
    select created_at from gateway.resumes where file_key is not null order by id limit 1
"""
_OLDEST_DECISION = "select decided_at from gateway.result_decisions order by result_id limit 1"
_OLDEST_EVENT = "select occurred_at from gateway.job_events order by job_id, seq limit 1"
_OLDEST_USAGE = "select min(occurred_at) from gateway.usage"
_OLDEST_JOB = "select accepted_at from gateway.jobs order by id limit 1"


def _walk(
    name: str, table: str, keep: timedelta | None, statement: str, oldest: str | None = None
) -> Kind:
    return Kind(
        name,
        keep,
        delete=_SEEN.format(table=table) + statement + _ANSWER,
        oldest=oldest or f"select created_at from gateway.{table} order by id limit 1",  # noqa: S608  a constant
        is_walk=True,
    )


async def retain(retention: Retention, files: FileSweep, sleep: Sleep) -> None:
    """Enforce for ever; cancelled when the process stops."""
    while True:
        try:
            await retention.enforce()
            await files.round()
        except (*UNREACHABLE, asyncpg.PostgresError) as error:
            log.warning("retention.postponed", error=type(error).__name__)
        await sleep(EVERY_S)

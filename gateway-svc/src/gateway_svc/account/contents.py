"""What an account's archive has in it: a table of statements, and of what is left out and why."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from pydantic.alias_generators import to_camel

from gateway_svc.account.rendering import readable
from gateway_svc.account.schemas import DIGITS, receipt
from gateway_svc.account.store import FIGURES
from gateway_svc.account.zipping import Member
from gateway_svc.database import Connection
from resume_contracts.messages import Usage
from resume_contracts.workflows import Workflow

#: Rows that are fetched at once; a row has a document of some tens of KiB.
_PREFETCH: Final = 10

_RESUMES = """
    select id, name, state, version, file_name, file_size, created_at, updated_at
      from gateway.resumes where user_id = $1 order by id
"""
_VERSIONS = """
    select resume_id, version, source, document, report, created_at
      from gateway.resume_versions where user_id = $1 order by resume_id, version
"""
_FACTS = """
    select id, resume_id, name, statement, detail, entry_id, requirement_id, created_at
      from gateway.confirmed_facts where user_id = $1 order by id
"""
_POSTINGS = """
    select id, job_id, url, final_url, is_public, title, company, posting, requirements, created_at
      from gateway.postings where user_id = $1 order by id
"""
_RESULTS = """
    select r.id, r.job_id, r.run, r.product, r.degraded, r.superseded, r.created_at, r.version,
           r.document, r.decided, j.resume_id, j.resume_version, j.posting_id, j.tailored_id,
           coalesce(j.facts #> '{tailored,document}', j.facts #> '{resume,document}') as base,
           coalesce((select jsonb_agg(jsonb_build_object(
                              'version', d.version, 'decidedAt', d.decided_at,
                              'decisions', d.decisions) order by d.version)
                       from gateway.result_decisions d where d.result_id = r.id), '[]') as decisions
      from gateway.results r join gateway.jobs j on j.id = r.job_id
     where r.user_id = $1 order by r.id
"""
_JOBS = """
    select j.id, j.workflow, j.status, j.progress, j.run, j.engine, j.resume_id, j.resume_version,
           j.resume_confirmed, j.posting_id, j.tailored_id, j.error, j.notes, j.accepted_at,
           j.updated_at, j.deadline_at, j.facts,
           coalesce((select jsonb_agg(e.body order by e.seq)
                       from gateway.job_events e where e.job_id = j.id), '[]') as events,
           coalesce((select jsonb_agg(to_jsonb(u) order by u.run, u.occurred_at)
                       from gateway.usage u where u.job_id = j.id), '[]') as spent,
           (select sum(r.charged) from gateway.reservations r where r.job_id = j.id)::bigint
               as charged
      from gateway.jobs j where j.user_id = $1 order by j.id
"""
_USAGE = f"""
    select month, jsonb_agg(to_jsonb(sums) - 'month') as lines
      from (select to_char(occurred_at at time zone 'utc', 'YYYY-MM') as month,
                   provider, model, product, {FIGURES}
              from gateway.usage where user_id = $1
             group by 1, 2, 3, 4 order by 1, 2, 3, 4) sums
     group by month order by month
"""  # noqa: S608  the columns are constants
_BUDGET = """
    select b.day_limit, b.month_limit, b.day, b.day_reserved, b.day_spent, b.month,
           b.month_reserved, b.month_spent,
           coalesce((select jsonb_agg(to_jsonb(r) - 'user_id' order by r.job_id, r.run)
                       from gateway.reservations r where r.user_id = b.user_id), '[]')
               as reservations
      from gateway.budgets b where b.user_id = $1
"""

Row = asyncpg.Record


@dataclass(frozen=True, slots=True)
class Section:
    """A statement, the tables it tells of, and the files that become of each row."""

    tables: frozenset[str]
    statement: str
    files: Callable[[Row], Iterator[Member]]


def _resume(row: Row) -> Iterator[Member]:
    yield Member(f"resumes/{row['id']}/resume.json", as_json(_told(row)))


def _version(row: Row) -> Iterator[Member]:
    folder = f"resumes/{row['resume_id']}/versions"
    yield Member(f"{folder}/{row['version']}.json", as_json(row["document"]))
    about = as_json(_told(row, without={"document"}))
    yield Member(f"{folder}/{row['version']}.about.json", about)


def _fact(row: Row) -> Iterator[Member]:
    yield Member(f"resumes/{row['resume_id']}/facts/{row['id']}.json", as_json(_told(row)))


def _posting(row: Row) -> Iterator[Member]:
    yield Member(f"postings/{row['id']}.json", as_json(_told(row)))
    yield Member(f"postings/{row['id']}.txt", str(row["posting"].get("text", "")).encode())


def _result(row: Row) -> Iterator[Member]:
    """A result as it stands, beside what was delivered and what was decided."""
    product, folder = Workflow(row["product"]), f"results/{row['product']}/{row['id']}"
    stands = row["document"] | (row["decided"] or {})
    about = _told(row, without={"document", "decided", "decisions", "base"})
    yield Member(f"{folder}/about.json", as_json(about))
    yield Member(f"{folder}/document.json", as_json(stands))
    words = readable(product, stands, row["base"], row["created_at"].date())
    yield Member(f"{folder}/document.md", words.encode())
    if row["decided"] is not None:
        yield Member(f"{folder}/delivered.json", as_json(row["document"]))
        yield Member(f"{folder}/decisions.json", as_json(row["decisions"]))


def _job(row: Row) -> Iterator[Member]:
    bill = receipt((Usage.model_validate(line) for line in row["spent"]), row["charged"])
    told = _told(row, without={"spent", "charged"})
    told["receipt"] = bill.model_dump(mode="json", exclude_none=True)
    yield Member(f"jobs/{row['workflow']}/{row['id']}.json", as_json(told))


def _usage(row: Row) -> Iterator[Member]:
    lines = [
        {
            to_camel(name): round(value, DIGITS) if isinstance(value, float) else value
            for name, value in line.items()
        }
        for line in row["lines"]
    ]
    yield Member(f"usage/{row['month']}.json", as_json(lines))


def _budget(row: Row) -> Iterator[Member]:
    yield Member("usage/budget.json", as_json(_told(row)))


#: In the order of the archive; a table of a user's is here or in `NOT_EXPORTED`.
SECTIONS: Final = (
    Section(frozenset({"gateway.resumes"}), _RESUMES, _resume),
    Section(frozenset({"gateway.resume_versions"}), _VERSIONS, _version),
    Section(frozenset({"gateway.confirmed_facts"}), _FACTS, _fact),
    Section(frozenset({"gateway.postings"}), _POSTINGS, _posting),
    Section(frozenset({"gateway.results", "gateway.result_decisions"}), _RESULTS, _result),
    Section(frozenset({"gateway.jobs", "gateway.job_events"}), _JOBS, _job),
    Section(frozenset({"gateway.usage"}), _USAGE, _usage),
    Section(frozenset({"gateway.budgets", "gateway.reservations"}), _BUDGET, _budget),
)

#: What auth-svc tells of its own tables (`account/profile.py`).
PROFILE_TABLES: Final = frozenset({"auth.sessions"})

_COPY = "A working copy of what the jobs and results in this archive say; "
_ERASED = "Remembers an erased account by its id alone, so that nothing of it is stored again."

#: Tables with a `user_id` that are left out, and why. The archive tells it too.
NOT_EXPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "auth.refresh_tokens": "Digests of secrets that keep somebody signed in.",
        "gateway.tickets": "Digests of secrets that open a stream; each is over in a minute.",
        "gateway.revoked_sessions": "Ids of sessions that were ended, for two hours.",
        "gateway.idempotency_keys": "Keys that clients send against doing a thing twice; a day.",
        "gateway.outbox": _COPY + "gone when it was sent, within seconds.",
        "gateway.dead_letters": _COPY
        + "messages that could not be handled, encrypted; kept 7 days unless the operator chose"
        " otherwise.",
        "tailor.answers": "What a model proposed; what passed the checks is in the results. Kept"
        " one day unless the operator chose otherwise, seven at most.",
        **{
            f"{service}.memos": _COPY
            + "kept 7 days unless the operator chose otherwise, so that nothing is paid for twice."
            for service in ("extract", "research", "tailor")
        },
        **{
            f"{service}.erased": _ERASED for service in ("gateway", "extract", "research", "tailor")
        },
    }
)


async def rows(connection: Connection, statement: str, user_id: UUID) -> AsyncGenerator[Row, None]:
    """A statement's rows, some at a time, in the caller's transaction."""
    async for row in connection.cursor(statement, user_id, prefetch=_PREFETCH):
        yield row


def _told(row: Row, *, without: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    return {to_camel(name): value for name, value in row.items() if name not in without}


def as_json(value: Any) -> bytes:
    """As the archive has it: for people, too."""
    # asyncpg's ids are of a class of its own.
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

"""The shared cache on PostgreSQL. It holds public knowledge and nothing of a user."""

import hashlib
from typing import TypeVar

import asyncpg
from pydantic import BaseModel, ValidationError

from research_svc.freshness import Freshness
from research_svc.names import digest
from research_svc.ports import (
    CompanyFindings,
    CompanyQuestion,
    Entry,
    SalaryFindings,
    SalaryQuestion,
)
from resume_messaging.shells.expiring import flight_kind
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool
from resume_runtime.retention import Kind, aged

M = TypeVar("M", bound=BaseModel)


class CompanyShelf:
    """`Shelf` of what is known of companies, as one prompt version and provider answered it."""

    def __init__(self, pool: Pool, *, prompt_version: str, provider: str) -> None:
        self._pool = pool
        self._asked = (prompt_version, provider)

    def key(self, question: CompanyQuestion) -> bytes:
        """The digest of name, the user's domain, language, prompt version and provider."""
        name = digest(question.name).hex()
        return _key("company", name, question.domain or "", question.language, *self._asked)

    async def read(self, question: CompanyQuestion) -> Entry[CompanyFindings] | None:
        """The newest answer for the name, or for name and domain when the user gave one.

        What was asked with one user's domain is never served to somebody who gave none: a domain
        that was slipped in would speak for the company to everybody.
        """
        async with connection(self._pool) as c:
            row = await c.fetchrow(
                """select answer, is_known, cost_usd, researched_at from research.company_research
                    where name_digest = $1 and prompt_version = $2 and provider = $3
                      and language = $4
                      and case when $5 = '' then not is_by_domain else domain = $5 end
                    order by researched_at desc limit 1""",
                digest(question.name),
                *self._asked,
                question.language,
                question.domain or "",
            )
        return _entry(CompanyFindings, row)

    async def write(
        self,
        question: CompanyQuestion,
        entry: Entry[CompanyFindings],
    ) -> None:
        """Store an answer under the name and its verified domain."""
        async with connection(self._pool) as c:
            await c.execute(
                """insert into research.company_research as r
                       (name_digest, domain, prompt_version, provider, language, is_by_domain,
                        is_known, answer, cost_usd, researched_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                   on conflict on constraint company_research_key do update
                      set is_by_domain = r.is_by_domain and excluded.is_by_domain,
                          is_known = excluded.is_known, answer = excluded.answer,
                          cost_usd = excluded.cost_usd, researched_at = excluded.researched_at
                    where r.researched_at <= excluded.researched_at""",
                digest(question.name),
                question.domain or entry.value.domain or "",
                *self._asked,
                question.language,
                question.domain is not None,
                entry.is_known,
                entry.value.model_dump(mode="json"),
                entry.cost_usd,
                entry.at,
            )


class SalaryShelf:
    """`Shelf` of published pay, as one prompt version and provider answered it."""

    def __init__(self, pool: Pool, *, prompt_version: str, provider: str) -> None:
        self._pool = pool
        self._asked = (prompt_version, provider)

    def key(self, question: SalaryQuestion) -> bytes:
        """The digest of occupation, region, prompt version and provider."""
        title, region = digest(question.title).hex(), digest(question.region).hex()
        return _key("salary", title, region, *self._asked)

    async def read(self, question: SalaryQuestion) -> Entry[SalaryFindings] | None:
        """The answer stored for occupation and region."""
        async with connection(self._pool) as c:
            row = await c.fetchrow(
                """select answer, is_known, cost_usd, researched_at from research.salary_cache
                    where title_digest = $1 and region_digest = $2 and prompt_version = $3
                      and provider = $4""",
                digest(question.title),
                digest(question.region),
                *self._asked,
            )
        return _entry(SalaryFindings, row)

    async def write(self, question: SalaryQuestion, entry: Entry[SalaryFindings]) -> None:
        """Store an answer under occupation and region."""
        async with connection(self._pool) as c:
            await c.execute(
                """insert into research.salary_cache as s
                       (title_digest, region_digest, prompt_version, provider, is_known, answer,
                        cost_usd, researched_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8)
                   on conflict on constraint salary_cache_key do update
                      set is_known = excluded.is_known, answer = excluded.answer,
                          cost_usd = excluded.cost_usd, researched_at = excluded.researched_at
                    where s.researched_at <= excluded.researched_at""",
                digest(question.title),
                digest(question.region),
                *self._asked,
                entry.is_known,
                entry.value.model_dump(mode="json"),
                entry.cost_usd,
                entry.at,
            )


def _key(*parts: str) -> bytes:
    """A digest over parts that keeps them apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).digest()


def _entry(model: type[M], row: asyncpg.Record | None) -> Entry[M] | None:
    if row is None:
        return None
    try:
        value = model.model_validate(row["answer"])
    except ValidationError:  # stored by another version of this code: as good as none
        return None
    return Entry(value, row["is_known"], row["cost_usd"], row["researched_at"])


def kinds(companies: Freshness, salaries: Freshness) -> tuple[Kind, ...]:
    """How long answers stay: as long as they are served, fresh or stale."""
    return (
        aged("company_research", "research.company_research", "researched_at", companies.longest),
        aged("salary_cache", "research.salary_cache", "researched_at", salaries.longest),
        flight_kind("research"),
    )

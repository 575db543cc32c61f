"""The cache of public knowledge, shared by all users and replicas. It holds nothing of a user."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = (
    # Names are digests: one of which nothing is known may be anything that somebody typed.
    # `domain` is verified ('': none is); what is named by a user's domain is served to those only
    # who name the same domain.
    """
    create table research.company_research (
        name_digest bytea not null check (octet_length(name_digest) = 32),
        domain text not null,
        prompt_version text not null,
        provider text not null,
        language text not null,
        is_by_domain boolean not null,
        is_known boolean not null,
        answer jsonb not null,
        cost_usd double precision,
        researched_at timestamptz not null,
        constraint company_research_key
            unique (name_digest, domain, prompt_version, provider, language)
    )""",
    "create index company_research_age on research.company_research (researched_at)",
    """
    create table research.salary_cache (
        title_digest bytea not null check (octet_length(title_digest) = 32),
        region_digest bytea not null check (octet_length(region_digest) = 32),
        prompt_version text not null,
        provider text not null,
        is_known boolean not null,
        answer jsonb not null,
        cost_usd double precision,
        researched_at timestamptz not null,
        constraint salary_cache_key unique (title_digest, region_digest, prompt_version, provider)
    )""",
    "create index salary_cache_age on research.salary_cache (researched_at)",
    # Who answers a question just now, with a lease; a failed one stays until the next tries.
    """
    create table research.flights (
        key bytea primary key check (octet_length(key) = 32),
        token uuid not null,
        until timestamptz not null,
        failed_at timestamptz
    )""",
    "create index flights_age on research.flights (until)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("company_research", "salary_cache", "flights"):
        op.execute(f"drop table research.{table}")

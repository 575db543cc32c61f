"""Stored postings, confirmed facts, and which of them a job worked on."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = """
-- A posting as it was read; never rewritten. `digest` tells what was read: a user has the same only
-- once. `requirements` is worked out when it is first asked for.
create table gateway.postings (
    id uuid primary key,
    user_id uuid not null,
    job_id uuid not null,
    digest bytea not null,
    url text,
    final_url text,
    is_public boolean not null,
    title text,
    company text,
    posting jsonb not null,
    requirements jsonb,
    created_at timestamptz not null,
    unique (user_id, digest)
);
create index postings_user on gateway.postings (user_id, id desc);

create table gateway.confirmed_facts (
    id uuid primary key,
    resume_id uuid not null references gateway.resumes on delete cascade,
    user_id uuid not null,
    name text,
    statement text,
    detail text,
    entry_id text,
    requirement_id text,
    created_at timestamptz not null,
    check (name is not null or statement is not null)
);
create index confirmed_facts_resume on gateway.confirmed_facts (resume_id, id);
create index confirmed_facts_user on gateway.confirmed_facts (user_id);

alter table gateway.jobs
    add column resume_version integer,
    add column resume_confirmed boolean,
    add column posting_id uuid;
create index jobs_posting on gateway.jobs (posting_id) where posting_id is not null;

update gateway.jobs set resume_version = (facts #>> '{resume,version}')::integer
 where facts #>> '{resume,version}' is not null
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop index gateway.jobs_posting")
    op.execute(
        "alter table gateway.jobs drop column resume_version, drop column resume_confirmed,"
        " drop column posting_id"
    )
    op.execute("drop table gateway.confirmed_facts")
    op.execute("drop table gateway.postings")

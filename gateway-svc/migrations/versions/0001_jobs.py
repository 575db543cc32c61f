"""The gateway's tables. Everything of a user is found by `user_id`."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table gateway.erased (
    user_id uuid primary key,
    erased_at timestamptz not null default now()
);

create table gateway.revoked_sessions (
    session_id uuid primary key,
    user_id uuid not null,
    expires_at timestamptz not null
);
create index revoked_sessions_user on gateway.revoked_sessions (user_id);

create table gateway.resumes (
    id uuid primary key,
    user_id uuid not null,
    name text,
    state text not null check (state in ('parsing', 'unconfirmed', 'confirmed', 'failed')),
    version integer not null default 0,
    file_key text,
    file_name text,
    file_size integer,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((file_key is null) = (file_name is null) and (file_key is null) = (file_size is null))
);
create index resumes_user on gateway.resumes (user_id, id desc);

create table gateway.resume_versions (
    resume_id uuid not null references gateway.resumes on delete cascade,
    version integer not null,
    user_id uuid not null,
    source text not null check (source in ('json', 'upload', 'edit')),
    document jsonb not null,
    report jsonb,
    created_at timestamptz not null,
    primary key (resume_id, version)
);
create index resume_versions_user on gateway.resume_versions (user_id);

-- The projection that clients poll. `version` counts the job's committed facts, so it is also the
-- `seq` of the last one. `facts` is what a run starts from; the fold never touches it.
create table gateway.jobs (
    id uuid primary key,
    user_id uuid not null,
    workflow text not null,
    resume_id uuid,
    engine text not null,
    facts jsonb not null,
    run integer not null,
    slip text[] not null,
    status text not null
        check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    at_stage integer not null,
    at_attempt integer not null,
    at_n integer not null,
    progress integer not null check (progress between 0 and 100),
    notes jsonb not null,
    error jsonb,
    ended_by uuid,
    version bigint not null,
    accepted_at timestamptz not null,
    updated_at timestamptz not null,
    deadline_at timestamptz not null,
    swept_run integer,
    check ((ended_by is null) = (status in ('pending', 'processing'))),
    check ((error is null) = (status <> 'failed'))
) with (fillfactor = 80);
create index jobs_user on gateway.jobs (user_id, workflow, id desc);
create index jobs_due on gateway.jobs (deadline_at) where ended_by is null;
-- `swept_run` is the run whose end the sweeper asked for.
create index jobs_pending on gateway.jobs (accepted_at) where status = 'pending';
create index jobs_resume on gateway.jobs (resume_id) where ended_by is null;

-- The history: append-only except erasure.
create table gateway.job_events (
    job_id uuid not null references gateway.jobs on delete cascade,
    seq bigint not null,
    message_id uuid not null unique,
    user_id uuid not null,
    run integer not null,
    kind text not null,
    body jsonb not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (job_id, seq)
);
create index job_events_user on gateway.job_events (user_id);

-- What a run came to. `superseded`: another fact had ended the run before this result came.
create table gateway.results (
    id uuid primary key,
    event_id uuid not null unique,
    job_id uuid not null references gateway.jobs on delete cascade,
    run integer not null,
    user_id uuid not null,
    product text not null,
    document jsonb not null,
    degraded boolean not null,
    superseded boolean not null,
    created_at timestamptz not null
);
create index results_user on gateway.results (user_id, product, id desc);
create index results_job on gateway.results (job_id);

create table gateway.outbox (
    id bigint generated always as identity primary key,
    message_id uuid not null,
    user_id uuid,
    exchange text not null,
    routing_key text not null,
    kind text not null,
    correlation_id text not null,
    headers jsonb not null,
    body bytea not null,
    attempts integer not null default 0,
    leased_by text,
    leased_until timestamptz,
    created_at timestamptz not null default now(),
    check ((leased_by is null) = (leased_until is null))
) with (fillfactor = 70);
create index outbox_user on gateway.outbox (user_id);

create table gateway.idempotency_keys (
    user_id uuid not null,
    path text not null,
    key text not null,
    fingerprint bytea not null,
    target_id uuid not null,
    expires_at timestamptz not null,
    primary key (user_id, path, key)
);
create index idempotency_keys_age on gateway.idempotency_keys (expires_at);

create table gateway.tickets (
    digest bytea primary key,
    user_id uuid not null,
    session_id uuid,
    job_id uuid not null,
    token_expires_at timestamptz not null,
    expires_at timestamptz not null
);
create index tickets_user on gateway.tickets (user_id);
create index tickets_age on gateway.tickets (expires_at);

create table gateway.provider_states (
    provider text not null,
    process text not null,
    state text not null,
    until timestamptz,
    occurred_at timestamptz not null,
    primary key (provider, process)
);

create table gateway.dead_letters (
    id uuid primary key,
    queue text not null,
    user_id uuid,
    message_id text,
    correlation_id text,
    headers jsonb not null,
    size integer not null,
    digest bytea not null,
    reason text not null,
    body_encrypted bytea,
    received_at timestamptz not null,
    expires_at timestamptz not null
);
create index dead_letters_user on gateway.dead_letters (user_id);
create index dead_letters_age on gateway.dead_letters (expires_at);
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in (
        "dead_letters",
        "provider_states",
        "tickets",
        "idempotency_keys",
        "outbox",
        "results",
        "job_events",
        "jobs",
        "resume_versions",
        "resumes",
        "revoked_sessions",
        "erased",
    ):
        op.execute(f"drop table gateway.{table}")

-- The tables every consumer service keeps beside its own; run by its first migration with
-- {schema} replaced. Everything of a user is found by user_id.
create table {schema}.memos (
    job_id uuid not null,
    stage text not null,
    call text not null,
    digest bytea not null,
    run integer not null,
    attempt integer not null default 0,
    user_id uuid not null,
    kind text check (kind in ('done', 'retry', 'fail', 'expired')),
    memo jsonb,
    degraded boolean not null default false,
    claimed_by text,
    claimed_until timestamptz,
    created_at timestamptz not null default now(),
    primary key (job_id, stage, call, digest, run),
    check ((kind is null) = (memo is null)),
    check ((claimed_by is null) = (claimed_until is null))
);
create index memos_user on {schema}.memos (user_id);
create index memos_age on {schema}.memos (created_at);

create table {schema}.stops (
    job_id uuid not null,
    run integer not null,
    expires_at timestamptz not null,
    primary key (job_id, run)
);
create index stops_age on {schema}.stops (expires_at);

create table {schema}.erased (
    user_id uuid primary key,
    erased_at timestamptz not null default now()
);

create table {schema}.suspects (
    message_id uuid primary key,
    starts integer not null,
    last_start timestamptz not null default now()
);

"""Users, sessions, refresh tokens, signing keys, log-in attempts."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table auth.users (
    id uuid primary key,
    email text not null unique,
    password_hash text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    last_sign_in_at timestamptz not null
);

-- A revoked session is announced to the edges; until then it is in the partial index.
create table auth.sessions (
    id uuid primary key,
    user_id uuid not null references auth.users on delete cascade,
    created_at timestamptz not null,
    refreshed_at timestamptz not null,
    revoked_at timestamptz,
    announced_at timestamptz
);
create index sessions_user on auth.sessions (user_id);
create index sessions_unannounced on auth.sessions (revoked_at)
 where revoked_at is not null and announced_at is null;
create index sessions_refreshed on auth.sessions (refreshed_at);

create table auth.refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references auth.sessions on delete cascade,
    user_id uuid not null,
    created_at timestamptz not null,
    used_at timestamptz
);
create index refresh_tokens_session on auth.refresh_tokens (session_id);

create table auth.signing_keys (
    kid text primary key,
    sealed bytea not null,
    public_jwk jsonb not null,
    created_at timestamptz not null
);

-- One row a subject (a keyed digest, so that no email or address is kept) and window.
create table auth.login_attempts (
    subject bytea primary key,
    attempts integer not null,
    created_at timestamptz not null
);
create index login_attempts_created on auth.login_attempts (created_at);
"""

DROPPED = ("login_attempts", "signing_keys", "refresh_tokens", "sessions", "users")


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in DROPPED:
        op.execute(f"drop table auth.{table}")

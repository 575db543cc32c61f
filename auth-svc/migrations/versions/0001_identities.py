"""Users, sessions, refresh tokens, signing keys, log-in attempts."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """create table auth.users (
        id uuid primary key,
        email text not null unique,
        password_hash text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        last_sign_in_at timestamptz
    )""",
    """create table auth.sessions (
        id uuid primary key,
        user_id uuid not null references auth.users on delete cascade,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
    )""",
    "create index sessions_user on auth.sessions (user_id)",
    """create table auth.refresh_tokens (
        token_hash bytea primary key,
        session_id uuid not null references auth.sessions on delete cascade,
        user_id uuid not null,
        created_at timestamptz not null default now(),
        used_at timestamptz
    )""",
    "create index refresh_tokens_session on auth.refresh_tokens (session_id)",
    """create table auth.signing_keys (
        kid text primary key,
        sealed bytea not null,
        public_jwk jsonb not null,
        created_at timestamptz not null default now(),
        retired_at timestamptz
    )""",
    """create table auth.login_attempts (
        id bigint generated always as identity primary key,
        subject bytea not null,
        at timestamptz not null
    )""",
    "create index login_attempts_subject on auth.login_attempts (subject, at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("login_attempts", "signing_keys", "refresh_tokens", "sessions", "users"):
        op.execute(f"drop table auth.{table}")

"""The cache of models' answers: a user's own, and who asks just now."""

from alembic import op

from resume_messaging.shells.flights import flights_schema

revision = "0002"
down_revision = "0001"

# An answer has words of its user's resume, as memos have.
ANSWERS = """
create table tailor.answers (
    user_id uuid not null,
    digest bytea not null check (octet_length(digest) = 32),
    answer bytea not null check (octet_length(answer) <= 65536),
    usage jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (user_id, digest)
);
create index answers_age on tailor.answers (expires_at);
"""


def upgrade() -> None:
    for statement in (ANSWERS + flights_schema("tailor")).split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in ("answers", "flights"):
        op.execute(f"drop table tailor.{table}")

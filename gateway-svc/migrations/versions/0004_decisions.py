"""What people decide about the changes of a result, and what it comes to."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = """
-- `document` stays as it was delivered; `decided` is what the decisions make of it, `version` how
-- many there are.
alter table gateway.results
    add column version integer not null default 0,
    add column decided jsonb;

-- The history: append-only except erasure. One row is one command; it may decide several changes.
create table gateway.result_decisions (
    result_id uuid not null references gateway.results on delete cascade,
    version integer not null,
    user_id uuid not null,
    decisions jsonb not null,
    decided_at timestamptz not null,
    primary key (result_id, version)
);
create index result_decisions_user on gateway.result_decisions (user_id)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table gateway.result_decisions")
    op.execute("alter table gateway.results drop column version, drop column decided")

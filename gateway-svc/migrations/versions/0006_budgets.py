"""Budgets of users, what jobs reserve of them, and quotas that were given back."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = """
-- Money in whole micro-USD. A limit that is null is the settings'; 0: none. The sums are those of
-- the day and the month (UTC) that `day` and `month` begin; there is a row for whoever ever ordered
-- within a budget.
create table gateway.budgets (
    user_id uuid primary key,
    day_limit bigint check (day_limit >= 0),
    month_limit bigint check (month_limit >= 0),
    day date,
    day_reserved bigint not null default 0 check (day_reserved >= 0),
    day_spent bigint not null default 0 check (day_spent >= 0),
    month date,
    month_reserved bigint not null default 0 check (month_reserved >= 0),
    month_spent bigint not null default 0 check (month_spent >= 0),
    check ((day is null) = (month is null))
) with (fillfactor = 70);

-- What a run may spend, and what it came to. `day` is the day whose budget bears it.
create table gateway.reservations (
    job_id uuid not null references gateway.jobs on delete cascade,
    run integer not null,
    user_id uuid not null,
    day date not null,
    reserved bigint not null check (reserved >= 0),
    charged bigint not null default 0 check (charged >= 0),
    settled boolean not null default false,
    forgiven boolean not null default false,
    primary key (job_id, run)
);
create index reservations_user on gateway.reservations (user_id, day);

-- Set once: a failure or an early cancel that is not counted against its user's quota.
alter table gateway.jobs add column quota_returned_at timestamptz
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("alter table gateway.jobs drop column quota_returned_at")
    op.execute("drop table gateway.reservations")
    op.execute("drop table gateway.budgets")

"""Which tailored resume a letter or an interview pack goes with."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table gateway.jobs add column tailored_id uuid")
    op.execute(
        "create index jobs_tailored on gateway.jobs (tailored_id) where tailored_id is not null"
    )


def downgrade() -> None:
    op.execute("drop index gateway.jobs_tailored")
    op.execute("alter table gateway.jobs drop column tailored_id")

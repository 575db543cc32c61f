"""The tables every consumer service keeps: memos, stops, erased, suspects."""

from alembic import op

from resume_messaging.shells.memos import consumer_schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in consumer_schema("tailor").split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in ("memos", "stops", "erased", "suspects"):
        op.execute(f"drop table tailor.{table}")

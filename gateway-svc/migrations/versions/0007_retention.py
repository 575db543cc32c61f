"""What retention looks at: dead letters by the time they came, whatever was meant to end them."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: `expires_at` stays for a process of the version before, until a later migration drops it.
STATEMENTS = """
alter table gateway.dead_letters alter column expires_at drop not null;
drop index gateway.dead_letters_age;
create index dead_letters_received on gateway.dead_letters (received_at);
create index revoked_sessions_age on gateway.revoked_sessions (expires_at);
create index provider_states_age on gateway.provider_states (occurred_at)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop index gateway.provider_states_age")
    op.execute("drop index gateway.revoked_sessions_age")
    op.execute("drop index gateway.dead_letters_received")
    op.execute("create index dead_letters_age on gateway.dead_letters (expires_at)")
    op.execute("update gateway.dead_letters set expires_at = received_at where expires_at is null")
    op.execute("alter table gateway.dead_letters alter column expires_at set not null")

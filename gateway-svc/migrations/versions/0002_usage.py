"""What each job's calls cost, read out of the history.

A view and no table: the history is append-only and knows each fact once, so what was spent is
counted once too, whatever became of the run, and is erased with its user.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VIEW = """
create view gateway.usage as
select e.message_id as event_id, e.job_id, e.user_id, e.run, e.occurred_at,
       e.body->>'workflow' as product, e.body->>'stage' as stage, u.provider, u.model,
       coalesce(u.calls, 0) as calls,
       coalesce(u.input_tokens, 0) as input_tokens,
       coalesce(u.cached_input_tokens, 0) as cached_input_tokens,
       coalesce(u.output_tokens, 0) as output_tokens,
       coalesce(u.credits, 0) as credits,
       u.cost_usd,
       coalesce(u.cached_answers, 0) as cached_answers,
       coalesce(u.saved_tokens, 0) as saved_tokens,
       coalesce(u.saved_usd, 0) as saved_usd
  from gateway.job_events e
 cross join lateral jsonb_to_recordset(e.body->'usage') as u (
       provider text, model text, calls bigint, input_tokens bigint, cached_input_tokens bigint,
       output_tokens bigint, credits bigint, cost_usd double precision, cached_answers bigint,
       saved_tokens bigint, saved_usd double precision)
 where jsonb_path_exists(e.body, '$.usage[0]')
"""

#: Only facts that cost something; the same condition as the view's.
INDEX = """
create index job_events_billed on gateway.job_events (user_id, occurred_at)
 where jsonb_path_exists(body, '$.usage[0]')
"""


def upgrade() -> None:
    op.execute(VIEW)
    op.execute(INDEX)


def downgrade() -> None:
    op.execute("drop index gateway.job_events_billed")
    op.execute("drop view gateway.usage")

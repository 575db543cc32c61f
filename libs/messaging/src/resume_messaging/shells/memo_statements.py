"""The memo store's statements; `{schema}` is a constant of the service, never input."""

_SEEN = """
    exists (select from {schema}.stops where job_id = $1 and run = $5) as stopped,
    exists (select from {schema}.erased where user_id = $6) as erased,
    (select memo from {schema}.memos
      where job_id = $1 and stage = $2 and call = $3 and digest = $4 and memo is not null
        and (run = $5 or (run < $5 and kind = 'done' and not degraded))
      order by run desc limit 1) as memo
"""

LOOK = f"select {_SEEN}, false as claimed"

#: What is seen is from before the claim. An outcome stored in between refuses the claim: its row
#: is locked, and looked at anew, before it is updated.
CLAIM = f"""
    with claim as (
        insert into {{schema}}.memos as m
               (job_id, stage, call, digest, run, user_id, claimed_by, claimed_until)
        select $1, $2, $3, $4, $5, $6, $7, $8
         where not exists (select from {{schema}}.erased where user_id = $6)
           and not exists (select from {{schema}}.stops where job_id = $1 and run = $5)
        on conflict (job_id, stage, call, digest, run) do update
           set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
         where (m.kind is null or (m.kind = 'retry' and m.attempt < $10))
           and (m.claimed_until is null or m.claimed_until <= $9 or m.claimed_by = $7)
        returning 1)
    select {_SEEN}, exists (select from claim) as claimed
"""  # noqa: S608  both are constants

SAVE = """
    insert into {schema}.memos as m
           (job_id, stage, call, digest, run, user_id, attempt, kind, memo, degraded)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
     where not exists (select from {schema}.erased where user_id = $6)
    on conflict (job_id, stage, call, digest, run) do update
       set attempt = excluded.attempt, kind = excluded.kind, memo = excluded.memo,
           degraded = excluded.degraded, claimed_by = null, claimed_until = null
     where m.kind is null or (m.kind = 'retry' and m.attempt < excluded.attempt)
    returning 1
"""

RELEASE = """
    update {schema}.memos set claimed_by = null, claimed_until = null
     where job_id = $1 and stage = $2 and call = $3 and digest = $4 and claimed_by = $5
"""

RELEASE_OF = """
    update {schema}.memos set claimed_by = null, claimed_until = null
     where starts_with(claimed_by, $1)
"""

COUNT_START = """
    insert into {schema}.suspects as s (message_id, starts) values ($1, 1)
    on conflict (message_id) do update set starts = s.starts + 1, last_start = now()
    returning starts
"""

ERASED = "select exists (select from {schema}.erased where user_id = $1)"

STOP = """
    insert into {schema}.stops (job_id, run, expires_at) values ($1, $2, $3)
    on conflict do nothing
"""

STOPPED = """
    select s.job_id, s.run, s.expires_at
      from unnest($1::uuid[], $2::integer[]) as asked (job_id, run)
      join {schema}.stops s using (job_id, run)
"""

ERASE = """
    with gone as (delete from {schema}.memos where user_id = $1)
    insert into {schema}.erased (user_id) values ($1)
    on conflict do nothing
"""

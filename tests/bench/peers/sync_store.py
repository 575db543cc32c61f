"""The status row as blocking workers write it: one autocommit connection a thread."""

import json
import os
import threading

import psycopg
from tests.bench.peers.common import TABLE, status_of

_UPSERT = f"""
    insert into {TABLE} as j (id, step, status, result) values (%s, %s, %s, %s)
    on conflict (id) do update
       set step = excluded.step, status = excluded.status, result = excluded.result,
           updated_at = now()
     where j.step < excluded.step
"""  # noqa: S608  the table's name is a constant


class SyncStore:
    """Writes status rows."""

    def __init__(self, database_url: str | None = None) -> None:
        self._url = database_url or os.environ["DATABASE_URL"]
        self._local = threading.local()

    def write(self, job_id: str, step: int, result: str | None = None) -> None:
        """Commit that a job has come to this step."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = psycopg.connect(self._url, autocommit=True)
            self._local.connection = connection
        connection.execute(_UPSERT, (job_id, step, status_of(step), json.dumps(result)))

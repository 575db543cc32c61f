"""What the endpoints work with, put together by `bootstrap` and handed to each request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import httpx2
from fastapi import Depends, Request
from prometheus_client import Counter

from gateway_svc.account.export import Exporter
from gateway_svc.account.quotas import Quotas
from gateway_svc.account.reserving import BudgetPolicy
from gateway_svc.database import Pool
from gateway_svc.decisions.deciding import Decider
from gateway_svc.documents import DocumentDesk
from gateway_svc.edits.editing import Editor
from gateway_svc.identity.revocations import Revocations
from gateway_svc.identity.tokens import TokenVerifier
from gateway_svc.jobs.accept import JobAcceptor
from gateway_svc.jobs.admission import Admission
from gateway_svc.jobs.store import JobStore
from gateway_svc.jobs.watch import JobWatcher
from gateway_svc.postings.store import PostingStore
from gateway_svc.ratelimit import RateLimiter
from gateway_svc.resumes.fact_store import FactStore
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.store import ResumeStore
from gateway_svc.resumes.version_store import VersionStore
from resume_core.skills import SkillCatalog
from resume_runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Edge:
    """The edge's parts.

    Attributes:
        wait_s: seconds the waiting twin of a submission waits for the job.
        heartbeat_s: seconds of silence on a stream before a comment is sent.
        new_secret: makes a ticket.
        retry_ms: milliseconds a client should wait before it reconnects to another edge.
    """

    pool: Pool
    jobs: JobStore
    resumes: ResumeStore
    facts: FactStore
    versions: VersionStore
    postings: PostingStore
    decider: Decider
    editor: Editor
    catalog: SkillCatalog
    acceptor: JobAcceptor
    admission: Admission
    watcher: JobWatcher
    verifier: TokenVerifier
    revocations: Revocations
    limiter: RateLimiter
    quotas: Quotas
    budgets: BudgetPolicy
    files: ResumeFiles
    documents: DocumentDesk
    exporter: Exporter
    http: httpx2.AsyncClient
    auth_url: str | None
    clock: Clock
    new_id: Callable[[], UUID]
    new_secret: Callable[[], str]
    retry_ms: Callable[[], int]
    auth_failures: Counter
    wait_s: float = 120.0
    heartbeat_s: float = 15.0
    ticket_life: timedelta = timedelta(seconds=60)


async def edge_of(request: Request) -> Edge:
    """The edge that `bootstrap` put into the application's state.

    Async, as every dependency here: FastAPI sends a plain function to a worker thread.
    """
    edge: Edge = request.app.state.edge
    return edge


EdgeDep = Annotated[Edge, Depends(edge_of)]

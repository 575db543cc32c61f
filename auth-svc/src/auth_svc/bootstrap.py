"""The one place where auth-svc is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from cryptography.fernet import InvalidToken
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError

from auth_svc.endpoints import router
from auth_svc.errors import install_auth_handlers
from auth_svc.keys import KeySealer
from auth_svc.passwords import Passwords
from auth_svc.service import Identities, Revoked, load_keys
from auth_svc.settings import AuthSettings
from auth_svc.store import Store
from resume_contracts.messages import SessionRevoked
from resume_messaging.core.build import outgoing_notice
from resume_messaging.core.ports import Publisher, PublishError
from resume_runtime.clock import Clock
from resume_runtime.correlation import CorrelationMiddleware
from resume_runtime.database import create_sqlalchemy_engine
from resume_runtime.ids import IdFactory
from resume_runtime.metrics import MetricsMiddleware, auth_failures
from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG

log = structlog.get_logger()


@asynccontextmanager
async def bootstrap(
    settings: AuthSettings,
    *,
    publisher: Publisher,
    clock: Clock,
    new_id: IdFactory,
    registry: CollectorRegistry,
) -> AsyncIterator[tuple[FastAPI, Store]]:
    """Build the app and its store; what it opened is closed on leaving.

    Raises:
        StartupError: PostgreSQL cannot be reached, or AUTH_SECRET does not open the stored keys.
    """
    engine = create_sqlalchemy_engine(settings.database_url)
    store = Store(engine)
    try:
        keys = await load_keys(store, KeySealer(settings.auth_secret.get_secret_value()))
        app = FastAPI(title="auth-svc", docs_url=None, redoc_url=None, openapi_url=None)
        app.state.identities = Identities(
            store,
            Passwords(),
            keys,
            settings=settings,
            clock=clock,
            new_id=new_id,
            failures=auth_failures(registry),
            on_revoked=_tell_edges(publisher, clock),
        )
        app.include_router(router)
        install_auth_handlers(app)
        app.add_middleware(MetricsMiddleware, registry=registry, clock=clock)
        app.add_middleware(CorrelationMiddleware)
        yield app, store
    except InvalidToken as error:
        raise StartupError(
            "AUTH_SECRET is not the one that the stored signing keys were sealed with",
            exit_code=EXIT_CONFIG,
        ) from error
    except (OSError, DBAPIError) as error:
        raise StartupError(f"DATABASE_URL: cannot connect: {type(error).__name__}") from error
    finally:
        await engine.dispose()


def _tell_edges(publisher: Publisher, clock: Clock) -> Revoked:
    async def tell(session_id: UUID, user_id: UUID) -> None:
        notice = SessionRevoked(session_id=session_id, user_id=user_id, occurred_at=clock.now())
        try:
            await publisher.publish([outgoing_notice(notice)])
        except PublishError as error:
            # The session is revoked all the same; edges go on trusting its access token until it
            # expires.
            log.warning("session.revocation_not_sent", error=str(error))

    return tell

"""The one place where auth-svc is put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import asyncpg
from argon2 import PasswordHasher
from cryptography.fernet import InvalidToken
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware

from auth_svc.endpoints import private_router, router
from auth_svc.errors import install_auth_handlers
from auth_svc.keys import KeyRing, KeySealer
from auth_svc.limits import AttemptLimits
from auth_svc.passwords import Passwords
from auth_svc.purging import Purger
from auth_svc.revocations import RevocationAnnouncer
from auth_svc.service import Identities
from auth_svc.settings import AuthSettings
from auth_svc.store import Store
from auth_svc.tokens import RefreshTokens
from resume_messaging.core.ports import Publisher
from resume_runtime.clock import Clock, Sleep
from resume_runtime.correlation import CorrelationMiddleware
from resume_runtime.database import refusal
from resume_runtime.engine import create_sqlalchemy_engine, observe_engine
from resume_runtime.errors import is_unreachable
from resume_runtime.ids import IdFactory
from resume_runtime.metrics import MetricsMiddleware, auth_failures
from resume_runtime.ops import Check, CheckResult
from resume_runtime.process import StartupError
from resume_runtime.retention import RetentionMetrics
from resume_runtime.settings import EXIT_CONFIG

#: Bytes of a request; the longest has an email and a password.
BODY_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class AuthService:
    """What the process runs."""

    app: FastAPI
    announcer: RevocationAnnouncer
    purger: Purger
    checks: dict[str, Check]


@asynccontextmanager
async def bootstrap(
    settings: AuthSettings,
    *,
    connect: Callable[[], AbstractAsyncContextManager[Publisher]],
    hasher: PasswordHasher,
    clock: Clock,
    sleep: Sleep,
    new_id: IdFactory,
    registry: CollectorRegistry,
) -> AsyncIterator[AuthService]:
    """Build the service; what it opened is closed on leaving.

    Raises:
        StartupError: PostgreSQL cannot be reached, or AUTH_SECRET does not open the stored keys.
    """
    secret = settings.auth_secret.get_secret_value()
    engine = create_sqlalchemy_engine(settings.database_url)
    observe_engine(engine, "auth", registry=registry, clock=clock)
    store = Store(engine)
    try:
        identities = Identities(
            store,
            Passwords(hasher),
            AttemptLimits(
                store,
                clock,
                secret=secret,
                per_login=settings.login_attempts,
                per_address=settings.address_attempts,
                window_s=settings.login_window_s,
            ),
            await load_keys(store, KeySealer(secret), clock),
            RefreshTokens(secret),
            settings=settings,
            clock=clock,
            new_id=new_id,
            failures=auth_failures(registry),
        )
        announcer = RevocationAnnouncer(store, connect, clock, sleep)
        yield AuthService(
            app=create_app(identities, registry=registry, clock=clock),
            announcer=announcer,
            purger=Purger(store, settings, clock, sleep, metrics=RetentionMetrics(registry)),
            checks=_checks(store, announcer),
        )
    finally:
        await engine.dispose()


def create_app(identities: Identities, *, registry: CollectorRegistry, clock: Clock) -> FastAPI:
    """The application over its identities."""
    app = FastAPI(
        title="auth-svc",
        openapi_url=None,
        max_body_size=BODY_LIMIT,
        telemetry={"logs": False},
        middleware=[
            Middleware(MetricsMiddleware, registry=registry, clock=clock),
            Middleware(CorrelationMiddleware),
        ],
    )
    app.state.identities = identities
    app.include_router(router)
    app.include_router(private_router)
    install_auth_handlers(app)
    return app


async def load_keys(store: Store, sealer: KeySealer, clock: Clock) -> KeyRing:
    """Read the signing keys; make the first one when there is none.

    Raises:
        StartupError: PostgreSQL cannot be reached or has no such table, or AUTH_SECRET is not the
            one that the keys were sealed with.
    """
    try:
        async with store.begin() as records:
            await records.lock_keys()
            sealed = await records.signing_keys()
            if not sealed:
                sealed = [sealer.generate()]
                await records.add_key(sealed[0], clock.now())
        return KeyRing([sealer.unseal(key) for key in sealed])
    except InvalidToken as error:
        raise StartupError(
            "AUTH_SECRET: is not the one that the stored signing keys were sealed with",
            exit_code=EXIT_CONFIG,
        ) from error
    except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
        refused = refusal(error)
        if refused is not None:
            raise refused from error
        if is_unreachable(error) or isinstance(error, OSError):
            raise StartupError(f"DATABASE_URL: cannot connect: {type(error).__name__}") from error
        raise StartupError(
            f"DATABASE_URL: cannot read the signing keys ({type(error).__name__}); "
            "was `python -m auth_svc migrate` run?"
        ) from error


def _checks(store: Store, announcer: RevocationAnnouncer) -> dict[str, Check]:
    async def postgres() -> CheckResult:
        await store.ping()
        return CheckResult(ok=True)

    async def rabbitmq() -> CheckResult:
        return CheckResult(ok=announcer.is_connected, degraded=True)

    return {"postgres": postgres, "rabbitmq": rabbitmq}

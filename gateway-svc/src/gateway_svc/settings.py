"""What gateway-svc reads from the environment."""

from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from gateway_svc.account.budgets import Limits
from gateway_svc.account.reserving import BudgetPolicy
from gateway_svc.ratelimit import Kind, Limit
from resume_contracts.costs import micro_usd
from resume_runtime.retention import Days
from resume_runtime.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """Settings of the projector, the relay and the commands, by variable names in upper case."""

    deadletter_key: SecretStr | None = Field(
        default=None,
        description="Fernet key for the bodies of dead letters; without it they are not kept",
    )

    budget_day_usd: float = Field(
        default=0, ge=0, le=1_000_000, description="what a user may spend in a day (UTC); 0: no end"
    )
    budget_month_usd: float = Field(default=0, ge=0, le=1_000_000, description="in a month (UTC)")
    budget_reserve_factor: float = Field(
        default=1.0,
        gt=0,
        le=1000,
        description="times what the table of costs sets aside for a job: for dearer models",
    )

    @field_validator("deadletter_key")
    @classmethod
    def _fernet(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                Fernet(value.get_secret_value())
            except ValueError:
                raise ValueError("must be 32 bytes in URL-safe base64") from None
        return value

    @property
    def budgets(self) -> BudgetPolicy:
        """What users may spend who have no limits of their own."""
        limits = Limits(micro_usd(self.budget_day_usd), micro_usd(self.budget_month_usd))
        return BudgetPolicy(limits, self.budget_reserve_factor)

    @property
    def cipher(self) -> Fernet | None:
        """What encrypts the bodies of dead letters."""
        key = self.deadletter_key
        return None if key is None else Fernet(key.get_secret_value())


class FilesSettings(GatewaySettings):
    """Settings of a process that has the uploaded files."""

    files_url: str = Field(
        description="object storage of uploads, e.g. file:///srv/files or s3://…"
    )

    @field_validator("files_url")
    @classmethod
    def _storage(cls, value: str) -> str:
        if "://" not in value:
            raise ValueError("must be a URL such as file:///srv/files")
        return value


class RelaySettings(FilesSettings):
    """Settings of the relay, which also ends and deletes things. Days; 0 keeps for ever."""

    retention_resumes_days: Days = Field(default=0, description="since it was changed last")
    retention_files_days: Days = Field(default=0, description="since it was uploaded")
    retention_postings_days: Days = Field(default=0, description="since it was read")
    retention_results_days: Days = Field(default=0, description="since it was decided about last")
    retention_decisions_days: Days = Field(default=0, description="those that later ones overrule")
    retention_job_events_days: Days = Field(default=90, description="since the job's deadline")
    retention_usage_days: Days = Field(default=400, description="what jobs cost")
    retention_jobs_days: Days = Field(default=90, description="jobs that nothing kept hangs on")
    retention_dead_letters_days: Days = Field(default=7, description="since it was dead-lettered")
    retention_idempotency_keys_days: Days = Field(default=1, description="beyond its 24 hours")
    retention_tickets_days: Days = Field(default=1, description="beyond its minute")

    @field_validator("retention_usage_days")
    @classmethod
    def _outlives_events(cls, value: int, info: ValidationInfo) -> int:
        events = info.data.get("retention_job_events_days")
        if events is not None and value and (not events or value < events):
            # What a job cost is part of its history, whose beginning goes first.
            raise ValueError("must be 0 or at least RETENTION_JOB_EVENTS_DAYS, which must not be 0")
        return value


class ApiSettings(FilesSettings):
    """Settings of the public API."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    auth_url: str | None = Field(default=None, description="where auth-svc is, e.g. http://auth:80")
    auth_issuer: str | None = Field(
        default=None, description="`iss` of auth-svc's tokens; default: AUTH_URL/auth/v1"
    )
    supabase_url: str | None = Field(default=None, description="https://<ref>.supabase.co")
    supabase_jwt_secret: SecretStr | None = None
    allowed_origins: str = Field(default="", description="comma-separated origins for CORS")
    wait_s: float = Field(default=120.0, gt=0, description="seconds the waiting twin waits")
    rate_writes_per_min: int = Field(default=30, ge=1)
    rate_reads_per_min: int = Field(default=60, ge=1)
    rate_status_per_min: int = Field(default=120, ge=1)
    rate_tailor_per_hour: int = Field(default=5, ge=1)
    rate_cover_letters_per_hour: int = Field(default=10, ge=1)
    rate_interview_prep_per_hour: int = Field(default=5, ge=1)
    rate_career_path_per_hour: int = Field(default=3, ge=1)
    rate_postings_per_hour: int = Field(default=20, ge=1)
    rate_uploads_per_hour: int = Field(default=20, ge=1)
    rate_exports_per_hour: int = Field(default=3, ge=1)

    documents_at_once: int = Field(default=2, ge=1, description="files made at the same time")
    documents_waiting: int = Field(default=20, ge=0, description="files that may wait for it")
    exports_at_once: int = Field(default=2, ge=1, le=20, description="archives sent at once")
    export_timeout_s: float = Field(
        default=900.0, gt=0, description="seconds after which an archive that is still sent ends"
    )

    @field_validator("auth_url", "supabase_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not (
            value.startswith(("http://", "https://")) and urlsplit(value).hostname
        ):
            raise ValueError("must be an http or https address")
        return value

    @model_validator(mode="after")
    def _one_issuer(self) -> "ApiSettings":
        if self.auth_url is None and self.supabase_url is None:
            raise ValueError("AUTH_URL or SUPABASE_URL must be set")
        return self

    @property
    def issuer(self) -> str:
        """`iss` that tokens must carry."""
        if self.supabase_url is not None:
            return f"{self.supabase_url.rstrip('/')}/auth/v1"
        return self.auth_issuer or f"{(self.auth_url or '').rstrip('/')}/auth/v1"

    @property
    def jwks_url(self) -> str:
        """Where the signing keys are published."""
        base = self.supabase_url or self.auth_url or ""
        return f"{base.rstrip('/')}/auth/v1/.well-known/jwks.json"

    @property
    def hs256_secret(self) -> str | None:
        """The legacy shared secret of a Supabase project."""
        secret = self.supabase_jwt_secret
        return None if secret is None else secret.get_secret_value() or None

    @property
    def origins(self) -> list[str]:
        """`ALLOWED_ORIGINS` as a list."""
        return [origin.strip() for origin in self.allowed_origins.split(",") if origin.strip()]

    @property
    def limits(self) -> dict[Kind, Limit]:
        """The rate limits, per user and edge process."""
        return {
            Kind.WRITES: Limit(self.rate_writes_per_min, 60),
            Kind.READS: Limit(self.rate_reads_per_min, 60),
            Kind.STATUS: Limit(self.rate_status_per_min, 60),
            Kind.TAILOR: Limit(self.rate_tailor_per_hour, 3600),
            Kind.COVER_LETTERS: Limit(self.rate_cover_letters_per_hour, 3600),
            Kind.INTERVIEW_PREP: Limit(self.rate_interview_prep_per_hour, 3600),
            Kind.CAREER_PATH: Limit(self.rate_career_path_per_hour, 3600),
            Kind.POSTINGS: Limit(self.rate_postings_per_hour, 3600),
            Kind.UPLOADS: Limit(self.rate_uploads_per_hour, 3600),
            Kind.EXPORTS: Limit(self.rate_exports_per_hour, 3600),
        }

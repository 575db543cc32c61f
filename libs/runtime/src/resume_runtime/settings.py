"""Settings from the environment; a wrong one is a single readable line."""

import sys
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

#: Exit code of a configuration error (`EX_CONFIG` of sysexits.h).
EXIT_CONFIG = 78

#: What a process does about queues and exchanges at its start: make them, or look for its own.
AmqpTopology = Literal["declare", "check"]


class ServiceSettings(BaseSettings):
    """What every process reads, by variable names in upper case. Unknown variables are ignored."""

    # An empty variable is an unset one: compose files pass `X=` for what nobody set.
    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field(description="postgresql://user:password@host:port/database")
    amqp_url: str = Field(description="amqp://user:password@host:port/vhost")
    amqp_topology: AmqpTopology = Field(
        default="declare",
        description="declare: queues and exchanges are made at the start; check: only looked for, "
        "with a broker user that must not make any",
    )
    log_level: str = "INFO"
    ops_host: str = "127.0.0.1"
    ops_port: int = Field(default=0, ge=0, le=65535, description="health and metrics; 0: any free")
    job_deadline_s: float = Field(default=420.0, gt=0)
    replicas: int = Field(default=1, ge=1)
    valkey_url: str | None = Field(
        default=None,
        description="valkey://[:password@]host:port: replicas lease the providers' slots there; "
        "not set: each has a fixed share",
    )
    grace_s: float = Field(default=120.0, gt=0)
    test_mode: bool = False
    sandbox_url: str | None = Field(
        default=None, validate_default=True, description="where TEST_MODE finds the providers"
    )

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        for prefix in ("postgresql://", "postgres://", "postgresql+asyncpg://"):
            if value.startswith(prefix):
                return _address("postgresql://" + value.removeprefix(prefix))
        raise ValueError("must start with postgresql://")

    @field_validator("amqp_url")
    @classmethod
    def _amqp(cls, value: str) -> str:
        if not value.startswith(("amqp://", "amqps://")):
            raise ValueError("must start with amqp:// or amqps://")
        return _address(value)

    @field_validator("valkey_url")
    @classmethod
    def _valkey(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("valkey://", "valkeys://", "redis://", "rediss://")):
            raise ValueError("must start with valkey://, valkeys://, redis:// or rediss://")
        path = urlsplit(_address(value)).path.strip("/")
        if path and not path.isdecimal():
            raise ValueError("has a path that is no database's number")
        return value

    @field_validator("sandbox_url", mode="after")
    @classmethod
    def _sandbox(cls, value: str | None, info: ValidationInfo) -> str | None:
        # Without it every provider would be the real one.
        if value is None and info.data.get("test_mode"):
            raise ValueError("must be set when TEST_MODE is true")
        return _address(value) if value is not None else None

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
        return value.upper()


def _sendable(key: SecretStr) -> SecretStr:
    value = key.get_secret_value().strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("has characters that no key has")
    return SecretStr(value)


#: A provider's key, as it can be sent in a header; a line break at its end is forgiven.
ApiKey = Annotated[SecretStr, AfterValidator(_sendable)]

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load_settings(cls: type[SettingsT], *, prefix: str = "") -> SettingsT:
    """Read settings from the environment; `prefix` begins every variable's name.

    Raises:
        SystemExit: with code 78 after one line on stderr for each wrong or missing variable; the
            line names the variable and never its value.
    """
    try:
        return cls(_env_prefix=prefix)
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            field = str(problem["loc"][0]).lower() if problem["loc"] else ""
            variable = prefix + field.upper() if field else "configuration"
            message = problem["msg"].removeprefix("Value error, ")
            said = " is not set" if problem["type"] == "missing" else f": {message}"
            sys.stderr.write(f"{variable}{said}{_description(cls, field)}\n")
        raise SystemExit(EXIT_CONFIG) from None


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ValueError("is no address with a host")
    return value


def _description(cls: type[BaseSettings], name: str) -> str:
    field = cls.model_fields.get(name)
    return f" ({field.description})" if field is not None and field.description else ""

"""What the sandbox reads from the environment."""

from enum import StrEnum

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    """How the model's stand-in proposes changes to a resume."""

    TRUTHFUL = "truthful"
    LYING = "lying"


class SandboxSettings(BaseSettings):
    """Settings of the sandbox, by their variables' names in upper case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65535)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$")
    sandbox_latency_ms: int = Field(
        default=0, ge=0, le=600_000, description="how long every model answer takes"
    )
    sandbox_mode: Mode = Mode.TRUTHFUL

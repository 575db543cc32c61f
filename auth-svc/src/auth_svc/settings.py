"""What auth-svc reads from the environment."""

from pydantic import Field, SecretStr

from resume_runtime.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """Settings of auth-svc, by their variables' names in upper case."""

    host: str = "127.0.0.1"
    port: int = Field(default=9999, ge=0, le=65535)
    auth_issuer: str = Field(description="public address of the edge plus /auth/v1")
    auth_secret: SecretStr = Field(
        min_length=32, description="at least 32 characters; seals the signing keys in the database"
    )
    access_token_s: int = Field(default=3600, ge=60, le=86_400)
    login_attempts: int = Field(
        default=10, ge=1, description="failed log-ins per address and email in login_window_s"
    )
    login_window_s: float = Field(default=300.0, gt=0)

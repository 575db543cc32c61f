"""What auth-svc reads from the environment."""

from pydantic import Field, SecretStr, field_validator

from resume_runtime.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """Settings of auth-svc, by their variables' names in upper case."""

    host: str = "127.0.0.1"
    port: int = Field(default=9999, ge=0, le=65535)
    auth_issuer: str = Field(description="public address of the edge plus /auth/v1")
    auth_secret: SecretStr = Field(description="seals the signing keys in the database")
    access_token_s: int = Field(default=3600, ge=60, le=7200)
    session_idle_s: int = Field(
        default=30 * 86_400, ge=3600, description="a session not refreshed for so long is over"
    )
    login_attempts: int = Field(
        default=10, ge=1, description="failed log-ins per email and address in login_window_s"
    )
    address_attempts: int = Field(
        default=100, ge=1, description="failed log-ins and sign-ups per address in login_window_s"
    )
    login_window_s: int = Field(default=300, ge=1)

    @field_validator("auth_secret")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("auth_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

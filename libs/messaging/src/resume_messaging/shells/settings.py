"""Settings that every consumer service reads."""

from pydantic import Field

from resume_runtime.retention import Days
from resume_runtime.settings import ServiceSettings


class ConsumerSettings(ServiceSettings):
    """Environment of a consumer service, by variable names in upper case."""

    retention_memos_days: Days = Field(
        default=7,
        description="days a stage's result is kept, to be used again by a redrive; 0: for ever",
    )

    def sandboxed(self, path: str) -> str | None:
        """Where the sandbox serves a provider, when TEST_MODE points every provider at it."""
        if not self.test_mode or not self.sandbox_url:
            return None
        return f"{self.sandbox_url.rstrip('/')}/{path}"

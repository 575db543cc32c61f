"""Settings that every consumer service reads."""

from resume_runtime.settings import ServiceSettings


class ConsumerSettings(ServiceSettings):
    """Environment of a consumer service, by variable names in upper case."""

    def sandboxed(self, path: str) -> str | None:
        """Where the sandbox serves a provider, when TEST_MODE points every provider at it."""
        if not self.test_mode or not self.sandbox_url:
            return None
        return f"{self.sandbox_url.rstrip('/')}/{path}"

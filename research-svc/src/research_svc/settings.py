"""What research-svc reads from the environment."""

from pydantic import Field, HttpUrl

from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.settings import ApiKey


class ResearchSettings(ConsumerSettings):
    """Settings of research-svc, by their variables' names in upper case."""

    perplexity_api_key: ApiKey | None = Field(
        default=None, description="without it research answers «unavailable»"
    )
    perplexity_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    perplexity_model: str = "perplexity/sonar"
    research_prefetch: int = Field(default=8, ge=1, le=100)

    @property
    def provider_url(self) -> str:
        """Where the Agent API is; TEST_MODE points it at the sandbox."""
        if self.perplexity_base_url is not None:
            return str(self.perplexity_base_url).rstrip("/")
        return self.sandboxed("perplexity") or "https://api.perplexity.ai"

    @property
    def provider_key(self) -> str | None:
        """The key; the sandbox takes any and is never shown a real one."""
        if self.perplexity_base_url is None and self.sandboxed("perplexity"):
            return "sandbox"
        if self.perplexity_api_key is None:
            return None
        return self.perplexity_api_key.get_secret_value() or None

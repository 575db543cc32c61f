"""What tailor-svc reads from the environment."""

from pydantic import Field, HttpUrl

from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.settings import ApiKey


class TailorSettings(ConsumerSettings):
    """Settings of tailor-svc, by their variables' names in upper case."""

    openai_api_key: ApiKey | None = Field(
        default=None, description="without it only the rules propose changes"
    )
    openai_base_url: HttpUrl | None = Field(
        default=None, description="any endpoint that speaks OpenAI's chat completions"
    )
    openai_model: str = "gpt-4.1-mini"
    rules_prefetch: int = Field(default=8, ge=1, le=100)

    @property
    def provider_url(self) -> str:
        """Where the model is; TEST_MODE points it at the sandbox."""
        if self.openai_base_url is not None:
            return str(self.openai_base_url).rstrip("/")
        return self.sandboxed("openai/v1") or "https://api.openai.com/v1"

    @property
    def provider_key(self) -> str | None:
        """The key; the sandbox takes any and is never shown a real one."""
        if self.openai_base_url is None and self.sandboxed("openai/v1"):
            return "sandbox"
        if self.openai_api_key is None:
            return None
        return self.openai_api_key.get_secret_value() or None

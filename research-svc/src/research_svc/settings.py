"""What research-svc reads from the environment."""

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl

from research_svc.freshness import Freshness
from resume_contracts.costs import CALL, MICRO
from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.settings import ApiKey


class ResearchSettings(ConsumerSettings):
    """Settings of research-svc, by their variables' names in upper case."""

    perplexity_api_key: ApiKey | None = Field(
        default=None, description="without it research answers «unavailable»"
    )
    perplexity_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    perplexity_model: str = "perplexity/sonar"
    perplexity_call_usd: float = Field(
        default=CALL["perplexity"] / MICRO,
        gt=0,
        le=10,
        description="what one run costs at most; checked against a user's budget before it starts",
    )
    research_prefetch: int = Field(default=8, ge=1, le=100)
    research_fresh_days: float = Field(default=30, gt=0, le=3650)
    research_stale_days: float = Field(
        default=60, ge=0, le=3650, description="served after that while it is asked anew"
    )
    salary_fresh_days: float = Field(default=7, gt=0, le=3650)
    salary_stale_days: float = Field(default=21, ge=0, le=3650)

    @property
    def provider_url(self) -> str:
        """Where the Agent API is; TEST_MODE points it at the sandbox."""
        if self.perplexity_base_url is not None:
            return str(self.perplexity_base_url).rstrip("/")
        return self.sandboxed("perplexity") or "https://api.perplexity.ai"

    @property
    def provider_name(self) -> str:
        """Who answers, as part of a stored answer's key: no sandbox answers for the real one."""
        return f"{self.perplexity_model}@{urlsplit(self.provider_url).netloc.rpartition('@')[2]}"

    @property
    def provider_key(self) -> str | None:
        """The key; the sandbox takes any and is never shown a real one."""
        if self.perplexity_base_url is None and self.sandboxed("perplexity"):
            return "sandbox"
        if self.perplexity_api_key is None:
            return None
        return self.perplexity_api_key.get_secret_value() or None

    @property
    def research_freshness(self) -> Freshness:
        """How long what is known of a company is good."""
        return _freshness(self.research_fresh_days, self.research_stale_days)

    @property
    def salary_freshness(self) -> Freshness:
        """How long published pay is good."""
        return _freshness(self.salary_fresh_days, self.salary_stale_days)


def _freshness(fresh_days: float, stale_days: float) -> Freshness:
    return Freshness(timedelta(days=fresh_days), timedelta(days=stale_days))

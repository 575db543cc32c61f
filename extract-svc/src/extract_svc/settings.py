"""What extract-svc reads from the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, field_validator

from extract_svc.boards import BoardKind
from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.settings import ApiKey


class ExtractSettings(ConsumerSettings):
    """Settings of extract-svc, by their variables' names in upper case."""

    files_url: str = Field(
        description="object storage of uploads, e.g. file:///srv/files or s3://…"
    )
    fetch_allow: str = Field(
        default="",
        description="comma-separated host:port pairs that may be fetched although private",
    )
    greenhouse_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    lever_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    lever_eu_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    ashby_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    firecrawl_api_key: ApiKey | None = Field(
        default=None, description="without it that route is left out"
    )
    firecrawl_base_url: HttpUrl | None = Field(default=None, description="http(s)://host")
    firecrawl_credit_usd: float | None = Field(
        default=None, ge=0, description="what a credit costs under the account's plan"
    )
    chromium: str | None = Field(
        default=None, description="path of the browser; unset: looked for; none: left out"
    )
    chromium_sandbox: bool = Field(
        default=True, description="false where the system does not let Chromium make its sandbox"
    )
    posting_prefetch: int = Field(default=12, ge=1, le=100)
    resume_prefetch: int = Field(default=3, ge=1, le=20)

    @field_validator("files_url")
    @classmethod
    def _store(cls, value: str) -> str:
        if "://" not in value:
            raise ValueError("must be a URL such as file:///srv/files")
        return value

    @field_validator("fetch_allow")
    @classmethod
    def _pairs(cls, value: str) -> str:
        for pair in filter(None, map(str.strip, value.split(","))):
            try:
                exact = urlsplit(f"//{pair}")
                is_pair = bool(exact.hostname) and exact.port is not None and exact.netloc == pair
            except ValueError:
                is_pair = False
            if not is_pair or "@" in pair:
                raise ValueError("must be host:port pairs, separated by commas")
        return value

    @property
    def board_urls(self) -> Mapping[BoardKind, str]:
        """Where the job boards' APIs are; TEST_MODE points them at the sandbox."""
        return {
            "greenhouse": self._base(
                self.greenhouse_base_url, "boards/greenhouse", "https://boards-api.greenhouse.io"
            ),
            "lever": self._base(self.lever_base_url, "boards/lever", "https://api.lever.co"),
            "lever_eu": self._base(
                self.lever_eu_base_url, "boards/lever", "https://api.eu.lever.co"
            ),
            "ashby": self._base(self.ashby_base_url, "boards/ashby", "https://api.ashbyhq.com"),
        }

    @property
    def is_firecrawl_sandboxed(self) -> bool:
        """Whether TEST_MODE points Firecrawl at the sandbox."""
        return self.firecrawl_base_url is None and self.sandboxed("firecrawl") is not None

    @property
    def firecrawl_url(self) -> str:
        """Where Firecrawl is."""
        return self._base(self.firecrawl_base_url, "firecrawl", "https://api.firecrawl.dev")

    @property
    def firecrawl_key(self) -> str | None:
        """The key; the sandbox takes any and is never shown a real one."""
        if self.is_firecrawl_sandboxed:
            return "sandbox"
        key = self.firecrawl_api_key
        return (key.get_secret_value() or None) if key is not None else None

    def _base(self, stated: HttpUrl | None, path: str, real: str) -> str:
        if stated is not None:
            return str(stated).rstrip("/")
        return self.sandboxed(path) or real

    @property
    def allowed_pairs(self) -> frozenset[str]:
        """`FETCH_ALLOW` as exact `host:port` pairs."""
        return frozenset(pair.strip() for pair in self.fetch_allow.split(",") if pair.strip())

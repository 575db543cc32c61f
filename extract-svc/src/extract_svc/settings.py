"""What extract-svc reads from the environment."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from resume_messaging.shells.settings import ConsumerSettings


class ExtractSettings(ConsumerSettings):
    """Settings of extract-svc, by their variables' names in upper case."""

    files_url: str = Field(
        description="object storage of uploads, e.g. file:///srv/files or s3://…"
    )
    fetch_allow: str = Field(
        default="",
        description="comma-separated host:port pairs that may be fetched although private",
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
    def allowed_pairs(self) -> frozenset[str]:
        """`FETCH_ALLOW` as exact `host:port` pairs."""
        return frozenset(pair.strip() for pair in self.fetch_allow.split(",") if pair.strip())

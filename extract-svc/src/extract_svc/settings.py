"""What extract-svc reads from the environment."""

from pydantic import Field

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

    @property
    def allowed_pairs(self) -> frozenset[str]:
        """`FETCH_ALLOW` as exact `host:port` pairs."""
        return frozenset(pair.strip() for pair in self.fetch_allow.split(",") if pair.strip())

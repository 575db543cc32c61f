"""The ids that follow a job from its request through every hop."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a job comes from: the ids that follow it through every hop."""

    correlation_id: str | None = None
    traceparent: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What the first command carries."""
        return {} if self.traceparent is None else {"traceparent": self.traceparent}

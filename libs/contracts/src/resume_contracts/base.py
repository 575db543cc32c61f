"""The base of every message: frozen, tolerant when read."""

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """Frozen; unknown fields are ignored, so a newer producer does not break an older reader."""

    model_config = ConfigDict(frozen=True, extra="ignore")

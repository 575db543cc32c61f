"""What tailor-svc reads from the environment."""

import json
import os
from typing import Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.settings import ApiKey
from tailor_svc.profiles import Price

OPENAI_URL: Final = "https://api.openai.com/v1"
_MAX_ENDPOINTS: Final = 5
_KEY: Final = TypeAdapter(ApiKey)


class Endpoint(BaseModel):
    """Where a model is asked. `name` labels metrics, usage and notes; no key: none is needed.

    `price`: what it costs here, if that is known better than by the model's profile.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    url: str
    key: SecretStr | None
    model: str
    price: Price | None = None


class EndpointSettings(BaseModel):
    """One entry of `MODEL_ENDPOINTS`; `key_variable` names the variable that holds the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    base_url: HttpUrl = HttpUrl(OPENAI_URL)
    key_variable: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")
    model: str = Field(min_length=1, max_length=100)
    price: Price | None = None

    @model_validator(mode="after")
    def _has_its_key(self) -> Self:
        self.key()
        return self

    def key(self) -> SecretStr | None:
        """The key, from its own variable: keys have no place in a list that is shown around."""
        if self.key_variable is None:
            return None
        value = os.environ.get(self.key_variable)
        if not value:
            raise ValueError(f"{self.key_variable} is not set")
        try:
            return _KEY.validate_python(value)
        except ValidationError:
            raise ValueError(f"{self.key_variable} has characters that no key has") from None

    def to_endpoint(self) -> Endpoint:
        """The entry with its key."""
        url = str(self.base_url).rstrip("/")
        return Endpoint(name=self.name, url=url, key=self.key(), model=self.model, price=self.price)


class TailorSettings(ConsumerSettings):
    """Settings of tailor-svc, by their variables' names in upper case."""

    openai_api_key: ApiKey | None = Field(
        default=None, description="without it only the rules propose changes"
    )
    openai_base_url: HttpUrl | None = Field(
        default=None, description="any endpoint that speaks OpenAI's chat completions"
    )
    openai_model: str = "gpt-4.1-mini"
    model_endpoints: Annotated[tuple[EndpointSettings, ...], NoDecode] = Field(
        default=(),
        description='several endpoints in order, instead of OPENAI_*: [{"name": "openai", '
        '"key_variable": "OPENAI_API_KEY", "model": "gpt-4.1-mini"}, {"name": "local", '
        '"base_url": "http://localhost:11434/v1", "model": "llama3.3"}]',
    )
    ai_cache_ttl_s: float = Field(
        default=86_400,
        ge=0,
        le=7 * 86_400,
        description="how long a user's answer of a model is used again; 0: never",
    )
    rules_prefetch: int = Field(default=8, ge=1, le=100)

    @field_validator("model_endpoints", mode="before")
    @classmethod
    def _decoded(cls, value: Any) -> Any:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except json.JSONDecodeError:
            raise ValueError("is no JSON list") from None

    @field_validator("model_endpoints")
    @classmethod
    def _usable(
        cls, value: tuple[EndpointSettings, ...], info: ValidationInfo
    ) -> tuple[EndpointSettings, ...]:
        if len({each.name for each in value}) < len(value):
            raise ValueError("two endpoints share a name")
        if len(value) > _MAX_ENDPOINTS:
            raise ValueError(f"at most {_MAX_ENDPOINTS} endpoints")
        sandbox = str(info.data.get("sandbox_url") or "").rstrip("/") + "/"
        if info.data.get("test_mode") and any(
            not str(each.base_url).startswith(sandbox) for each in value
        ):
            # A resume of a try-out must not leave the machine by a variable set long ago.
            raise ValueError("with TEST_MODE every endpoint must be at SANDBOX_URL")
        return value

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where models are asked, the preferred one first; none: the rules do it."""
        if self.model_endpoints:
            return tuple(each.to_endpoint() for each in self.model_endpoints)
        if (key := self._provider_key) is None:
            return ()
        return (Endpoint(name="openai", url=self._provider_url, key=key, model=self.openai_model),)

    @property
    def _provider_url(self) -> str:
        """TEST_MODE points it at the sandbox."""
        if self.openai_base_url is not None:
            return str(self.openai_base_url).rstrip("/")
        return self.sandboxed("openai/v1") or OPENAI_URL

    @property
    def _provider_key(self) -> SecretStr | None:
        """The sandbox takes any key and is never shown a real one."""
        if self.openai_base_url is None and self.sandboxed("openai/v1"):
            return SecretStr("sandbox")
        key = self.openai_api_key
        return key if key is not None and key.get_secret_value() else None

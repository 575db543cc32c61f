"""Reading Perplexity's request forms. Shapes: the official SDK's types."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Tool(_Wire):
    type: str


class _Schema(_Wire):
    name: str
    json_schema: dict[str, Any] = Field(alias="schema")


class _Format(_Wire):
    type: Literal["json_schema"]
    json_schema: _Schema


class _Part(_Wire):
    text: str = ""


class _Item(_Wire):
    content: str | list[_Part] = ""

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content)


class AgentRequest(_Wire):
    """A body of `POST /v1/responses`."""

    model: str | None = None
    models: list[str] = Field(default=[], max_length=5)
    preset: Literal["fast", "low", "medium", "high", "xhigh"] | None = None
    input: str | list[_Item]
    tools: list[_Tool] = []
    response_format: _Format | None = None
    max_output_tokens: int | None = Field(default=None, ge=1)
    background: bool = False
    store: bool = True
    stream: Literal[False] | None = None

    @property
    def question(self) -> str:
        """The text of the input."""
        if isinstance(self.input, str):
            return self.input
        return "\n".join(item.text for item in self.input)

    @property
    def runs_on(self) -> str | None:
        """The model that answers; None when neither model nor preset is given."""
        named = self.models[0] if self.models else self.model
        return named or ("perplexity/sonar" if self.preset else None)

    @property
    def output_schema(self) -> dict[str, Any] | None:
        """The JSON schema of the answer."""
        return self.response_format.json_schema.json_schema if self.response_format else None


class SearchRequest(_Wire):
    """A body of `POST /search`."""

    query: str | list[str]
    max_results: int = Field(default=10, ge=1, le=20)

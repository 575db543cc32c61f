"""The posting as the tailor and the gate read it: three strings, all untrusted data."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class PostingView(BaseModel):
    """A job posting: its title, the hiring company ("" when unknown) and its plain text."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    title: str = ""
    company: str = ""
    text: str = ""

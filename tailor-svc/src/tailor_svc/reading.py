"""How the posting was read, for the person who gets the result."""

from typing import Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_contracts.facts import Field, Posting, RouteOutcome, Source, Submission
from resume_core.posting import PostingView


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class ReadField(_Shown):
    """A field, the route it was read by and, where the text shows it, the span of the text."""

    value: str
    source: Source
    span: tuple[int, int] | None


class ReadRoute(_Shown):
    """A route that was tried and what came of it."""

    route: Source
    outcome: RouteOutcome
    code: str | None


class PostingRead(_Shown):
    """Where a posting and each of its fields come from; never its text."""

    route: Source
    routes: tuple[ReadRoute, ...]
    fields: dict[str, ReadField]
    url: str | None
    final_url: str | None
    language: str | None
    expired: bool
    hidden_removed: int

    @classmethod
    def of(cls, posting: Posting) -> Self:
        """What the stage that read the posting says of it."""
        stated = ((name, getattr(posting, name)) for name in Posting.model_fields)
        return cls(
            route=posting.route,
            routes=tuple(
                ReadRoute(route=tried.route, outcome=tried.outcome, code=tried.code)
                for tried in posting.routes
            ),
            fields={
                to_camel(name): ReadField(value=field.value, source=field.source, span=field.span)
                for name, field in stated
                if isinstance(field, Field)
            },
            url=posting.url,
            final_url=posting.final_url,
            language=posting.language,
            expired=posting.expired,
            hidden_removed=posting.hidden_removed,
        )


def view_of(posting: Posting, submission: Submission) -> PostingView:
    """The posting as it is read from here on; the company that was given where it names none."""
    return PostingView(
        title=posting.title.value if posting.title else "",
        company=posting.company.value if posting.company else (submission.company or ""),
        text=posting.text,
    )

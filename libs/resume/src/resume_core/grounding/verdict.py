"""What checking a sentence came to."""

from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.changes import ChangeOrigin
from resume_core.gate.violations import Violation

#: Raised whenever the same sentence would be judged differently.
GROUNDING_VERSION: Final = "2026.11-3"


class Shown(BaseModel):
    """A frozen part of a result, camelCase on the wire."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Drafted(Shown):
    """A part of a model's draft, which is believed in nothing.

    Every field is required and no other is allowed: the form is sent as a strict schema.
    """

    model_config = ConfigDict(extra="forbid")


class About(StrEnum):
    """Whom a sentence speaks of, and so what may prove it.

    `person`: the resume alone. `intent`: the wish to apply; names of the posting, skills of the
    resume. `posting`: the posting's text. `research`: one cited page. `phrase`: a fixed phrase.
    """

    PERSON = "person"
    INTENT = "intent"
    POSTING = "posting"
    RESEARCH = "research"
    PHRASE = "phrase"


class GroundKind(StrEnum):
    """What a ground points at."""

    FACT = "fact"
    POSTING = "posting"
    URL = "url"


class Ground(Shown):
    """What proves a sentence: a fact's id, a span of the posting's text, or a cited address.

    `ref` is the fact's id, the address, or for the posting what is there ("text", "title",
    "company"); `start` and `end` are offsets into the posting's text, -1 for the rest.
    """

    kind: GroundKind
    ref: str
    start: int = -1
    end: int = -1


class Citation(Shown):
    """What a page says, and its address: a finding of the research on the company."""

    text: str
    url: str


class Verdict(Shown):
    """One sentence's verdict; true when it has no violation."""

    text: str
    about: About
    grounds: tuple[Ground, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether the sentence may be delivered."""
        return not self.violations

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what is wrong, sorted."""
        return tuple(sorted({v.code for v in self.violations}))


class Sentence(Shown):
    """A sentence of a result, what proves it, and who wrote it.

    `own`: the person wrote it; then `unverified` are the codes of what nothing proves of it.
    """

    text: str
    about: About
    grounds: tuple[Ground, ...] = ()
    origin: ChangeOrigin = ChangeOrigin.RULES
    own: bool = False
    unverified: tuple[str, ...] = ()

    @classmethod
    def by_model(cls, verdict: Verdict) -> Self:
        """A sentence of a model's draft, by its verdict; the caller has seen that it is true."""
        return cls(
            text=verdict.text,
            about=verdict.about,
            grounds=verdict.grounds,
            origin=ChangeOrigin.MODEL,
        )

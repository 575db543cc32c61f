"""What the stages find out: the facts a command carries from one stage to the next.

Sizes are capped at the edge and by each stage; the caps are bytes of the JSON form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from resume_contracts.base import Contract
from resume_contracts.workflows import Engine

RESUME_LIMIT = 48 * 1024
RESUME_TEXT_LIMIT = 128 * 1024
POSTING_LIMIT = 24 * 1024
RESEARCH_LIMIT = 16 * 1024
CONFIRMED_LIMIT = 16 * 1024
DEMAND_LIMIT = 24 * 1024
TAILORED_LIMIT = 64 * 1024


class Options(Contract):
    """What the user chose beside the documents."""

    engine: Engine = Engine.AUTO
    language: str | None = None
    tone: str | None = None
    template: str | None = None


class Submission(Contract):
    """What the user asked for; at most one of the posting's three forms."""

    job_url: str | None = None
    job_text: str | None = None
    posting_id: UUID | None = None
    company: str | None = None
    options: Options = Options()


class BaseResume(Contract):
    """The resume a job starts from: one frozen version, as JSON Resume with entry ids.

    `confirmed`: its owner wrote it, or said that what was read from the file is right.
    """

    resume_id: UUID
    version: int
    document: dict[str, Any]
    confirmed: bool = True


class ConfirmedFact(Contract):
    """What the person has confirmed beside the resume: a skill's `name` or a `statement`, or both.

    `entry_id` says where in the resume it belongs, `requirement_id` what it answered.
    """

    id: UUID
    name: str | None = None
    statement: str | None = None
    detail: str | None = None
    entry_id: str | None = None
    requirement_id: str | None = None


class Upload(Contract):
    """An uploaded file, by reference: bodies never travel by message."""

    resume_id: UUID
    key: str
    filename: str
    size: int


class Source(StrEnum):
    """Where a field of a posting comes from; as a route, how the posting was had."""

    BOARD = "board"
    JSON_LD = "json_ld"
    FIRECRAWL = "firecrawl"
    RENDERED = "rendered"
    PAGE_TEXT = "page_text"
    PASTED = "user"


class RouteOutcome(StrEnum):
    """What came of one route to a posting."""

    USED = "used"
    NOTHING_FOUND = "nothing_found"
    NOT_CONFIGURED = "not_configured"
    NOT_APPLICABLE = "not_applicable"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    FAILED = "failed"


class RouteTried(Contract):
    """A route that was looked at before the posting was had; `code` says more where there is more.

    `unavailable`: its provider cannot be called now; `refused`: the posting's site said no.
    """

    route: Source
    outcome: RouteOutcome
    code: str | None = None


class Field(Contract):
    """One field of a posting with its evidence: where it was read, and the span of `text`."""

    value: str
    source: Source
    span: tuple[int, int] | None = None


class Posting(Contract):
    """A job posting as it was read. `text` is plain text; fields are only what was stated.

    `expired`: `valid_through` had passed when it was read. `routes` in the order they were tried.
    """

    text: str
    title: Field | None = None
    company: Field | None = None
    location: Field | None = None
    employment_type: Field | None = None
    salary: Field | None = None
    date_posted: Field | None = None
    valid_through: Field | None = None
    expired: bool = False
    language: str | None = None
    url: str | None = None
    final_url: str | None = None
    route: Source
    routes: tuple[RouteTried, ...] = ()
    hidden_removed: int = 0


class Cited(Contract):
    """A finding with the address it was read at."""

    text: str
    url: str


class Research(Contract):
    """What is known of the company, or why nothing is."""

    available: bool
    reason: str | None = None
    company: str | None = None
    summary: str | None = None
    findings: tuple[Cited, ...] = ()


class PayRange(Contract):
    """A published range of pay, with everything needed to judge it.

    `occupation` and `region` as the source names them.
    """

    occupation: str | None = None
    low: float
    high: float
    currency: str
    period: Literal["year", "month", "week", "day", "hour"]
    region: str
    as_of: date
    sample_size: int
    url: str


class Market(Contract):
    """What is published of an occupation's pay in a region, or why nothing is."""

    available: bool
    reason: str | None = None
    occupation: str | None = None
    region: str | None = None
    pay: tuple[PayRange, ...] = ()


class Asked(Contract):
    """One requirement of a posting; `kind` is skill, years, degree or language."""

    name: str
    kind: str
    must: bool


class PostingDemand(Contract):
    """What one stored posting of the user asks for; `is_public`: it was had by its address."""

    posting_id: UUID
    title: str | None = None
    company: str | None = None
    is_public: bool
    requirements: tuple[Asked, ...] = ()


class Claim(Contract):
    """A line that the person wrote into an entry and that their base resume does not show."""

    entry_id: str
    text: str


class Tailored(Contract):
    """The tailored resume that a letter or an interview pack goes with, as it was decided by then.

    `document` is JSON Resume without what the base does not show; those lines are `claims`.
    `emphasised` are the ids of its lines that the tailoring changed or moved up.
    """

    result_id: UUID
    version: int
    document: dict[str, Any]
    emphasised: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


class FieldRead(Contract):
    """Where one field of a read resume stands in the file's text, and how sure that is.

    `path` is like `work[0].position`; `spans` are ranges of characters, `line` and `page` from 1;
    `confidence` 0 to 1, from the `rule` that found it.
    """

    path: str
    spans: tuple[tuple[int, int], ...] = ()
    line: int | None = None
    page: int | None = None
    confidence: float
    rule: str


class ParsedResume(Contract):
    """The result of `parse_resume`: the document, where it was read, and what is doubtful.

    `text` is the file's, at most `RESUME_TEXT_LIMIT`; `confidence_version` says by which table
    the fields' confidence was set, `engine` whether a model's reading was compared.
    """

    resume_id: UUID
    document: dict[str, Any]
    format: str
    doubts: tuple[dict[str, Any], ...] = ()
    characters: int = 0
    pages: int | None = None
    text: str = ""
    fields: tuple[FieldRead, ...] = ()
    confidence_version: str | None = None
    engine: Engine = Engine.RULES
    notes: tuple[str, ...] = ()


class Facts(Contract):
    """Everything a job starts from and its stages have found so far.

    `confirmed` belongs to the resume; `demand` is what the user's stored postings ask for, the
    newest first (career path alone). With `tailored`, `resume`, `confirmed` and `posting` are those
    that it was made from.
    """

    submission: Submission
    resume: BaseResume | None = None
    confirmed: tuple[ConfirmedFact, ...] = ()
    upload: Upload | None = None
    parsed: ParsedResume | None = None
    posting: Posting | None = None
    research: Research | None = None
    market: Market | None = None
    demand: tuple[PostingDemand, ...] = ()
    tailored: Tailored | None = None


class ProductResult(Contract):
    """The result of a product: its document, as JSON."""

    document: dict[str, Any]


class TailoredResume(ProductResult):
    """The result of `tailor_resume`: what `resume_core.tailoring.build_result` made."""


class CoverLetter(ProductResult):
    """The result of `cover_letter`."""


class InterviewPrep(ProductResult):
    """The result of `interview_prep`."""


class CareerPath(ProductResult):
    """The result of `career_path`."""


@dataclass(frozen=True, slots=True)
class StageFact:
    """What a stage finds.

    Attributes:
        type: what it is.
        field: the field of `Facts` it fills; None: it ends a job.
        kept: the gateway stores it, so that the event that it was found carries it.
    """

    type: type[Contract]
    field: str | None = None
    kept: bool = False


#: What each stage finds, by stage name.
FOUND: Mapping[str, StageFact] = MappingProxyType(
    {
        "extract.posting": StageFact(Posting, "posting", kept=True),
        "extract.resume": StageFact(ParsedResume, "parsed"),
        "tailor.reading": StageFact(ParsedResume),
        "research.company": StageFact(Research, "research"),
        "research.market": StageFact(Market, "market"),
        "tailor.resume": StageFact(TailoredResume),
        "tailor.letter": StageFact(CoverLetter),
        "tailor.interview": StageFact(InterviewPrep),
        "tailor.career": StageFact(CareerPath),
    }
)

"""Workflows, stages and the slip of each: the table the whole system is driven by."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Workflow(StrEnum):
    """A product the user can ask for; `job_type` at the edge."""

    TAILOR_RESUME = "tailor_resume"
    COVER_LETTER = "cover_letter"
    INTERVIEW_PREP = "interview_prep"
    CAREER_PATH = "career_path"
    PARSE_RESUME = "parse_resume"
    CAPTURE_POSTING = "capture_posting"


class Engine(StrEnum):
    """Who proposes changes: the model with rules as fallback, only the model, or only rules."""

    AUTO = "auto"
    MODEL = "model"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Stage:
    """One consumer's part of a job.

    Attributes:
        name: `<service>.<work>`; the memo's key and what clients see.
        service: who owns it.
        queue: its queue, unless the submission says otherwise (see `queue_of`).
        message: what a person reads while it runs.
        provider: the outbound provider it cannot do without, or None.
        optional_s: seconds an optional stage may take; None for a stage the job needs.
        reserve_s: with `engine=auto`, seconds before the deadline at which the stage goes on
            without its provider.
        rules_queue: where its commands go with `engine=rules`; None: to its queue as ever.
        weight: share of the progress bar.
    """

    name: str
    service: str
    queue: str
    message: str
    provider: str | None = None
    optional_s: float | None = None
    reserve_s: float | None = None
    rules_queue: str | None = None
    weight: int = 1


#: Rules never wait behind deliveries that wait for a model.
RULES_QUEUE = "tailor.rules"


def _by_model(work: str, message: str) -> Stage:
    """A stage of tailor-svc: what a model writes, or what rules make without one."""
    return Stage(
        f"tailor.{work}",
        "tailor",
        f"tailor.{work}",
        message,
        provider="openai",
        reserve_s=60.0,
        rules_queue=RULES_QUEUE,
        weight=6,
    )


EXTRACT_POSTING = Stage(
    "extract.posting", "extract", "extract.posting", "Extracting job details…", weight=2
)
EXTRACT_RESUME = Stage(
    "extract.resume", "extract", "extract.resume", "Reading your resume…", weight=1
)
#: Its provider is asked but not needed: without it the rules' reading stands.
READ_RESUME = Stage(
    "tailor.reading", "tailor", "tailor.reading", "Checking what was read…", weight=2
)
RESEARCH_COMPANY = Stage(
    "research.company",
    "research",
    "research.company",
    "Researching company…",
    optional_s=30.0,
    weight=2,
)
RESEARCH_MARKET = Stage(
    "research.market",
    "research",
    "research.market",
    "Researching the market…",
    optional_s=30.0,
    weight=2,
)
TAILOR_RESUME = _by_model("resume", "Tailoring resume…")
WRITE_LETTER = _by_model("letter", "Writing your letter…")
PREPARE_INTERVIEW = _by_model("interview", "Preparing your interview…")
PLAN_CAREER = _by_model("career", "Working out your next steps…")

STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        s.name: s
        for s in (
            EXTRACT_POSTING,
            EXTRACT_RESUME,
            READ_RESUME,
            RESEARCH_COMPANY,
            RESEARCH_MARKET,
            TAILOR_RESUME,
            WRITE_LETTER,
            PREPARE_INTERVIEW,
            PLAN_CAREER,
        )
    }
)

#: Every stage a workflow can have, in order. `slip` leaves out those a submission does not need.
#: A workflow that is not here is not offered.
TABLE: Mapping[Workflow, tuple[Stage, ...]] = MappingProxyType(
    {
        Workflow.TAILOR_RESUME: (EXTRACT_POSTING, RESEARCH_COMPANY, TAILOR_RESUME),
        Workflow.COVER_LETTER: (EXTRACT_POSTING, RESEARCH_COMPANY, WRITE_LETTER),
        Workflow.INTERVIEW_PREP: (EXTRACT_POSTING, RESEARCH_COMPANY, PREPARE_INTERVIEW),
        Workflow.CAREER_PATH: (RESEARCH_MARKET, PLAN_CAREER),
        Workflow.PARSE_RESUME: (EXTRACT_RESUME, READ_RESUME),
        Workflow.CAPTURE_POSTING: (EXTRACT_POSTING,),
    }
)

#: Every stage queue, with the service that owns it.
QUEUES: Mapping[str, str] = MappingProxyType(
    {
        queue: s.service
        for s in STAGES.values()
        for queue in (s.queue, s.rules_queue)
        if queue is not None
    }
)


def slip(
    workflow: Workflow, *, has_posting: bool = False, engine: Engine = Engine.AUTO
) -> tuple[str, ...]:
    """The stages of one submission, in order.

    Args:
        workflow: the product asked for.
        has_posting: the posting is there already, so nothing is extracted.
        engine: rules have no second reading of a resume to compare theirs with.
    """
    left_out = [EXTRACT_POSTING] if has_posting else []
    left_out += [READ_RESUME] if engine is Engine.RULES else []
    return tuple(stage.name for stage in TABLE[workflow] if stage not in left_out)


def queue_of(stage: str, engine: Engine) -> str:
    """The queue a command for `stage` goes to."""
    found = STAGES[stage]
    return (engine is Engine.RULES and found.rules_queue) or found.queue


def provider_of(stage: str, engine: Engine) -> str | None:
    """The provider a delivery of `stage` cannot do without; rules need none."""
    return None if engine is Engine.RULES else STAGES[stage].provider


def reserve_of(stage: str, engine: Engine) -> float | None:
    """Seconds before the deadline at which a delivery does without its provider; None: never."""
    return STAGES[stage].reserve_s if engine is Engine.AUTO else None

"""An interview pack as it is delivered, and as a model drafts it."""

from enum import StrEnum
from typing import Final

from resume_core.changes import ChangeOrigin
from resume_core.grounding import Drafted, Ground, Sentence, Shown
from resume_core.letters.model import Versions

INTERVIEW_VERSION: Final = "2026.11-1"


class QuestionKind(StrEnum):
    """Why a question is there; `own`: the person expects it."""

    REQUIREMENT = "requirement"
    DEFEND = "defend"
    GAP = "gap"
    OWN = "own"


class Star(Shown):
    """A skeleton of an answer, in the person's own words from one line.

    `result` is empty when the line states none; the task is for the person to tell.
    """

    fact_id: str
    situation: str
    action: str
    result: str


class WeakSpot(Shown):
    """What an interviewer may dig into; the code is stable."""

    code: str
    advice: str


class LikelyQuestion(Shown):
    """One question with what the person can answer it by.

    `evidence` are fact ids. `outline` are a model's sentences, each proved, or the person's own;
    the rules write none. `origin` is whose words the question is in. `own`: the person's; then
    `unverified` are the codes of what it takes for granted and nothing proves.
    """

    id: str
    kind: QuestionKind
    question: str
    origin: ChangeOrigin = ChangeOrigin.RULES
    requirement_id: str | None
    claim: str
    evidence: tuple[str, ...]
    star: Star | None
    weak_spots: tuple[WeakSpot, ...]
    outline: tuple[Sentence, ...]
    grounds: tuple[Ground, ...]
    own: bool = False
    unverified: tuple[str, ...] = ()


class GapToAdmit(Shown):
    """A requirement that the resume does not show, and how to speak of it."""

    requirement_id: str
    text: str
    advice: str


class CompanyQuestion(Shown):
    """A question on what a page says, with its address."""

    question: str
    url: str


class OwnQuestion(Shown):
    """A question that the person may ask; `own` and `unverified` as of a likely question."""

    question: str
    requirement_id: str | None
    own: bool = False
    unverified: tuple[str, ...] = ()


class DraftQuestion(Drafted):
    """For a requirement or a line (`subject_id`): a question, and the outline of an answer."""

    subject_id: str
    question: str
    outline: str


class InterviewDraft(Drafted):
    """The questions of a model."""

    questions: tuple[DraftQuestion, ...]


class InterviewPrep(Shown):
    """A pack for one interview: what may be asked, by what the person can answer, what to ask."""

    engine: str
    degraded: bool
    notes: tuple[str, ...]
    language: str
    company: str
    role: str
    questions: tuple[LikelyQuestion, ...]
    gaps: tuple[GapToAdmit, ...]
    company_questions: tuple[CompanyQuestion, ...]
    questions_to_ask: tuple[OwnQuestion, ...]
    dropped: int
    dropped_codes: tuple[str, ...]
    versions: Versions

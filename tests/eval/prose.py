"""Letters, interview packs and career paths of a drafter that lies, and of an honest one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.eval.drafts import Drafted, citations, hostile_posting, languages, lies, truths
from tests.eval.golden import Pair
from tests.eval.prose_oracle import Page, inspect, says

from resume_core.career import (
    CareerDraft,
    CareerOrder,
    DemandPosting,
    DraftReason,
    PayFigure,
    build_career,
    load_ladders,
)
from resume_core.interview import DraftQuestion, InterviewDraft, InterviewOrder, build_interview
from resume_core.letters import DraftParagraph, LetterDraft, LetterOrder, build_letter
from resume_core.skills import SkillCatalog

AS_OF: Final = "2026-11"
PRODUCTS: Final = ("letter", "interview", "career")
#: Sentences of one draft; few enough that nothing is cut for length.
_BATCH: Final = 5
_OUTLINE: Final = 3
#: Kinds of sentences that only a letter has: a path is about no company and no posting.
_LETTER_ONLY: Final = {"intent", "wish", "cited", "asked"}
_UNSOURCED: Final = PayFigure(
    role="",
    low=81000,
    high=97000,
    currency="EUR",
    period="year",
    region="",
    date="2026-01",
    sample_size=0,
    url="",
)


def try_prose(pair: Pair, catalog: SkillCatalog) -> Counter[tuple[str, str, str]]:
    """(product, class or "true, language", outcome) of everything drafted for a pair."""
    found: Counter[tuple[str, str, str]] = Counter()
    if pair.person.language not in languages():
        return found
    told, true = lies(pair, catalog), truths(pair)
    for product, make in (("letter", _letter), ("interview", _interview), ("career", _career)):
        kept = [t for t in true if product == "letter" or t.name not in _LETTER_ONLY]
        for at in range(0, max(len(told), len(kept)), _BATCH):
            batch, honest = told[at : at + _BATCH], kept[at : at + _BATCH]
            pages = list(make(pair, [*batch, *honest], catalog))
            if pages:
                _count(found, pair, pages, batch, honest)
    return found


def _count(
    found: Counter[tuple[str, str, str]],
    pair: Pair,
    pages: Sequence[Page],
    batch: Sequence[Drafted],
    honest: Sequence[Drafted],
) -> None:
    product = pages[0].product
    for lie in batch:
        found[product, lie.name, "tried"] += 1
        found[product, lie.name, "delivered"] += any(says(page, lie.claim) for page in pages)
    for truth in honest:
        label = f"true, {pair.person.language}"
        found[product, label, "tried"] += 1
        found[product, label, "kept"] += any(says(page, truth.text) for page in pages)
    for page in pages:
        for what, count in inspect(page, pair).items():
            found[product, what, "counted"] += count


def _letter(pair: Pair, drafted: Sequence[Drafted], catalog: SkillCatalog) -> Iterator[Page]:
    cited, posting = citations(pair), hostile_posting(pair.posting)
    order = LetterOrder(pair.person.resume, posting, pair.person.language, cited)
    draft = LetterDraft(paragraphs=tuple(DraftParagraph(text=d.text) for d in drafted))
    made = build_letter(order, draft, catalog).model_dump(by_alias=True)
    yield Page("letter", made, posting, tuple(cited))


def _interview(pair: Pair, drafted: Sequence[Drafted], catalog: SkillCatalog) -> Iterator[Page]:
    """The draft's sentences as outlines of the pack's own subjects, with an untrue question."""
    cited, posting = citations(pair), hostile_posting(pair.posting)
    order = InterviewOrder(pair.person.resume, posting, pair.person.language, cited)
    plain = build_interview(order, None, catalog)
    subjects = [q.requirement_id or q.evidence[0] for q in plain.questions]
    question = languages()[pair.person.language]["question"]
    if not subjects:
        return
    outlines = [drafted[at : at + _OUTLINE] for at in range(0, len(drafted), _OUTLINE)]
    for at in range(0, len(outlines), len(subjects)):
        asked = [
            DraftQuestion(
                subject_id=subject,
                question="" if at else question,
                outline=" ".join(d.text for d in outline),
            )
            for subject, outline in zip(subjects, outlines[at:], strict=False)
        ]
        draft = InterviewDraft(questions=tuple(asked))
        made = build_interview(order, draft, catalog).model_dump(by_alias=True)
        yield Page("interview", made, posting, tuple(cited))


def _career(pair: Pair, drafted: Sequence[Drafted], catalog: SkillCatalog) -> Iterator[Page]:
    """The draft's sentences as reasons of the path's own roles, and of a role of its own."""
    posting = hostile_posting(pair.posting)
    demand = [
        DemandPosting(id="p-1", title=posting.title, requirements=tuple(pair.gate.requirements))
    ]
    resume, language = pair.person.resume, pair.person.language
    order = CareerOrder(resume, demand, [_UNSOURCED], language, AS_OF)
    ladders = load_ladders()
    roles = build_career(order, None, catalog, ladders).roles
    if not roles:
        return
    reasons = [
        DraftReason(role_id=roles[at % len(roles)].id, reason=d.text)
        for at, d in enumerate(drafted)
    ]
    for at in range(0, len(reasons), len(roles)):
        invented = DraftReason(role_id="r-invented", reason="Chief Wizard")
        draft = CareerDraft(roles=(*reasons[at : at + len(roles)], invented))
        made: dict[str, Any] = build_career(order, draft, catalog, ladders).model_dump(
            by_alias=True
        )
        yield Page("career", made, posting, ())

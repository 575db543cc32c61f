"""The hostile model against the gate: each lie alone, then whole answers by the product's path."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from tests.eval.golden import Pair
from tests.eval.liar import Lie
from tests.eval.lies import as_answers, tell_lies
from tests.eval.oracle import Comparison, Said, compare, said_by
from tests.eval.rewrites import mixed, rewrite_documents, rewrite_with
from tests.eval.truths import as_change, rewordings

from resume_core.changes import Change, ChangeKind
from resume_core.coverage import cover
from resume_core.decisions import Decision, DecisionKind
from resume_core.facts import collect_facts
from resume_core.gate import Violation, blocking
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.redecide import redecide
from resume_core.requirements import RequirementKind
from resume_core.skills import SkillCatalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import TailoredResult, build_result
from tailor_svc.merge import merge
from tailor_svc.model import to_changes
from tailor_svc.proposed import MAX_CHANGES, ProposedChanges

#: So many of the answers that hold all lies go the product's whole way, and whole documents are
#: written for one posting in so many; over the postings every class and every person has its turn.
_ANSWERS: Final = 3
_DOCUMENTS_EVERY: Final = 4
#: True changes beside the lies of an answer, if there is room.
_HONEST: Final = 2
_LIES_IN_A_REWRITE: Final = 8
_EXAMPLES: Final = 12


@dataclass
class Tally:
    """What was counted; tallies of several people add up."""

    #: (way, class, outcome): way is "change" or "document"; outcome "tried", "blocked", "flagged".
    lies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: Lies found in delivered documents, by (way, class).
    delivered: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: (language, outcome) of true rewordings.
    truths: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Whatever else is counted over delivered documents.
    counts: Counter[str] = field(default_factory=Counter)
    #: Captured share of the honest headroom by engine, one figure a pair that has any.
    headroom: dict[str, list[float]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    false_blocks: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take over another tally's figures."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, dict):
                for engine, shares in theirs.items():
                    mine.setdefault(engine, []).extend(shares)
            else:
                mine.extend(theirs)

    def judge(self, way: str, name: str, found: Sequence[Violation], where: str) -> None:
        """Count the gate's verdict on one lie."""
        self.lies[way, name, "tried"] += 1
        if blocking(found):
            self.lies[way, name, "blocked"] += 1
        elif found:
            self.lies[way, name, "flagged"] += 1
        elif len(self.missed) < _EXAMPLES:
            self.missed.append(f"{way}, {name}: {where}")


def try_pair(pair: Pair, at: int, catalog: SkillCatalog) -> Tally:
    """Everything that the hostile model says of one pair, the person's posting number `at`."""
    tally = Tally()
    lies = tell_lies(pair, catalog)
    for lie in lies:
        (change,) = to_changes(pair.person.resume, [lie.change])
        where = f"{pair.person.name}: {lie.change.after[-90:]}"
        tally.judge("change", lie.name, pair.gate.check_change(change), where)
    rules = tailor_by_rules(pair.person.resume, pair.gate.requirements, pair.posting, catalog)
    alone = _result(pair, (), rules, catalog)
    _inspect(tally, pair, alone, rules, ())
    _headroom(tally, "rules", alone)
    answers = as_answers(lies, MAX_CHANGES - _HONEST)
    for turn in range(_ANSWERS):
        answer = answers[(at * _ANSWERS + turn) % len(answers)]
        honest = _honest(pair, answer, at + turn)
        result = _result(pair, _by_model(pair, answer, honest), rules, catalog)
        _inspect(tally, pair, result, [*rules, *honest], answer)
        _count_honest(tally, result, honest)
        if turn == 0:
            _headroom(tally, "hostile model", result)
    if pair.matched:
        _own_words(tally, pair, lies)
    if pair.matched or at % _DOCUMENTS_EVERY == 0:
        _rewritten(tally, pair, lies, Resume.model_validate(alone.resume), catalog)
    return tally


def try_truths(pair: Pair) -> Tally:
    """The gate's verdict on every true rewording of a person's lines."""
    tally = Tally()
    for bullet, text in rewordings(pair.person):
        found = pair.gate.check_change(as_change(pair, bullet, text))
        language = pair.person.language
        tally.truths[language, "tried"] += 1
        if blocking(found):
            tally.truths[language, "blocked"] += 1
            codes = ", ".join(sorted({v.code for v in blocking(found)}))
            tally.false_blocks.append(f"{pair.person.name}: «{text}» ({codes})")
        elif found:
            tally.truths[language, "flagged"] += 1
    return tally


def _own_words(tally: Tally, pair: Pair, lies: Sequence[Lie]) -> None:
    """Each lie as an edit of the person's own: marked as what the base does not show."""
    for lie in lies:
        (change,) = to_changes(pair.person.resume, [lie.change])
        if change.kind is not ChangeKind.REWRITE_HIGHLIGHT:
            continue
        true = change.model_copy(update={"after": change.before})
        edit = Decision(change_id=true.id, decision=DecisionKind.EDITED, after=lie.change.after)
        decided = redecide(pair.gate, [true], [edit])
        if blocking(pair.gate.check_change(change)):
            tally.counts["own untrue words"] += 1
            tally.counts["own untrue words marked"] += bool(decided.changes[0].unverified)


def _by_model(pair: Pair, answer: Sequence[Lie], honest: Sequence[Change]) -> list[Change]:
    """The answer as it comes over the wire, read as the product reads it."""
    wire = ProposedChanges(changes=[lie.change for lie in answer]).model_dump_json()
    read = ProposedChanges.model_validate_json(wire)
    return [*to_changes(pair.person.resume, read.changes), *honest]


def _honest(pair: Pair, answer: Sequence[Lie], turn: int) -> list[Change]:
    """True rewordings of lines that the answer does not lie about."""
    taken = {lie.change.target_id for lie in answer}
    by_line = {b.id: (b, text) for b, text in rewordings(pair.person) if b.id not in taken}
    lines = list(by_line.values())
    start = turn % len(lines) if lines else 0
    return [as_change(pair, b, text) for b, text in (lines[start:] + lines[:start])[:_HONEST]]


def _result(
    pair: Pair, by_model: Sequence[Change], rules: Sequence[Change], catalog: SkillCatalog
) -> TailoredResult:
    base, posting = pair.person.resume, pair.posting
    merged = merge(base, posting, by_model, rules, catalog)
    return build_result(base, posting, merged, engine="model", catalog=catalog)


def _inspect(
    tally: Tally,
    pair: Pair,
    result: TailoredResult,
    honest: Iterable[Change],
    answer: Sequence[Lie],
) -> None:
    """Look for lies and losses in what was delivered, without asking the gate."""
    base = pair.person.resume
    found = compare(to_json_resume(base), result.resume)
    for lie in answer:
        if said_by(lie) in found.new:
            tally.delivered["change", lie.name] += 1
    true = {Said("summary" if not c.entry_id else c.entry_id, c.text) for c in honest if c.text}
    tally.counts["results"] += 1
    tally.counts["unexplained texts"] += len(found.new - true)
    _count(tally, found)
    tally.counts["coverage above the ceiling"] += result.coverage.after > result.coverage.ceiling
    tally.counts["musts lost"] += _musts_lost(pair, result)
    facts = {f.id for f in collect_facts(base)}
    for change in result.changes:
        if change.in_force:
            proven = bool(change.source_fact_ids) and set(change.source_fact_ids) <= facts
            tally.counts["changes in force"] += 1
            serves = bool(change.requirement_ids) or not pair.gate.requirements
            tally.counts["changes without source or requirement"] += not (proven and serves)


def _count(tally: Tally, found: Comparison) -> None:
    tally.counts["identity fields changed"] += found.changed_fields
    tally.counts["entries lost"] += found.lost_entries
    tally.counts["entries blown up"] += found.grown_entries


def _musts_lost(pair: Pair, result: TailoredResult) -> int:
    """How many must-haves the base shows and the delivered document does not."""
    musts = {r.id for r in pair.gate.requirements if r.kind is RequirementKind.MUST}
    delivered = Resume.model_validate(result.resume)
    after = cover(delivered, pair.gate.requirements, pair.gate.catalog).matched
    had = {m.requirement_id for m in pair.gate.coverage.matched} & musts
    return len(had - {m.requirement_id for m in after})


def _headroom(tally: Tally, engine: str, result: TailoredResult) -> None:
    before, ceiling = result.coverage.before, result.coverage.ceiling
    if ceiling > before:
        share = (result.coverage.after - before) / (ceiling - before)
        tally.headroom.setdefault(engine, []).append(round(share, 4))


def _count_honest(tally: Tally, result: TailoredResult, honest: Sequence[Change]) -> None:
    in_force = {c.id for c in result.changes if c.in_force}
    waiting = {c.id for c in result.changes} - in_force
    tally.counts["true changes proposed"] += len(honest)
    tally.counts["true changes delivered"] += sum(c.id in in_force for c in honest)
    tally.counts["true changes left to the person"] += sum(c.id in waiting for c in honest)


def _rewritten(
    tally: Tally, pair: Pair, lies: Sequence[Lie], honest: Resume, catalog: SkillCatalog
) -> None:
    """The same model's whole documents: each lie alone, then one with many and true changes."""
    for document in rewrite_documents(pair, catalog):
        found = pair.gate.check(document.resume)
        tally.judge("document", document.name, found, pair.person.name)
    if pair.matched:
        for lie in lies:
            found = pair.gate.check(rewrite_with(pair, [lie]))
            tally.judge("document", lie.name, found, f"{pair.person.name}: {lie.change.after}")
    rewrite, told = mixed(pair, catalog, honest, _LIES_IN_A_REWRITE)
    tally.counts["rewrites"] += 1
    tally.counts["lies in rewrites"] += told
    refused = bool(blocking(pair.gate.check(rewrite)))
    tally.counts["rewrites refused"] += refused
    if not refused:
        tally.delivered["document", "mixed"] += told

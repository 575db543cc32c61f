"""The evaluation itself: people shared out to processes, their figures added up in one order."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final, NamedTuple

from tests.eval.golden import Pair, Person, load_people
from tests.eval.hostile import try_pair, try_truths
from tests.eval.imports import score_imports
from tests.eval.measures import Findings
from tests.eval.prose import try_prose
from tests.eval.roundtrip import check_round_trip

from resume_core.gate import Gate
from resume_core.posting import PostingView
from resume_core.skills import load_catalog

#: A resume meets its own posting and one in so many of the others, each its turn.
_EVERY: Final = 2


class _Job(NamedTuple):
    """A person with the names of those whose postings they may meet."""

    of: str
    name: str
    asked: tuple[str, ...]
    turn: int
    every: int
    documents: bool


def evaluate(
    people: Sequence[str] = (),
    postings: Sequence[str] = (),
    *,
    of: str = "golden",
    processes: int = 1,
    documents: bool = True,
) -> Findings:
    """Everything counted over the golden set, or over the named part of it.

    Args:
        people: the names of the resumes; empty: all.
        postings: the names of those whose postings are used; empty: one's own and half of all.
        of: which set of people.
        processes: how many work at once; the findings are the same.
        documents: whether imports and round trips are tried too.
    """
    everybody = load_people(of)
    names = [p.name for p in everybody if p.name in people or not people]
    asked = [p.name for p in everybody if p.posting and (p.name in postings or not postings)]
    every = 1 if postings else _EVERY
    jobs = [_Job(of, name, tuple(asked), turn, every, documents) for turn, name in enumerate(names)]
    if processes == 1:
        parts = list(map(_one_person, jobs))
    else:
        # Forked, so that the word lists are there already.
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            parts = list(pool.map(_one_person, jobs))
    findings = Findings(of)
    for part in parts:
        findings.people += part.people
        findings.pairs += part.pairs
        findings.tally.add(part.tally)
        findings.imports.update(part.imports)
        findings.round_trip.update(part.round_trip)
        findings.prose.update(part.prose)
    return findings


def processors() -> int:
    """How many processes are worth starting here."""
    return max(1, len(os.sched_getaffinity(0)))


def _one_person(job: _Job) -> Findings:
    of, name, asked, turn, every, documents = job
    people = {p.name: p for p in load_people(of)}
    person = people[name]
    postings = [
        (other, posting)
        for at, other in enumerate(asked)
        if (posting := people[other].posting) and (other == name or (at + turn) % every == 0)
    ]
    findings = _try_postings(person, postings)
    if documents:
        findings.imports = score_imports(person)
        for export, (found, said) in check_round_trip(person).items():
            findings.round_trip += Counter({(export, "found"): found, (export, "said"): said})
    return findings


def _try_postings(person: Person, postings: Sequence[tuple[str, PostingView]]) -> Findings:
    catalog, findings = load_catalog(), Findings(people=1, pairs=len(postings))
    for at, (name, posting) in enumerate(postings):
        matched = name == person.name
        pair = Pair(person, posting, matched, Gate(person.resume, posting, catalog))
        findings.tally.add(try_pair(pair, at, catalog))
        if matched:
            findings.tally.add(try_truths(pair))
            findings.prose.update(try_prose(pair, catalog))
    return findings

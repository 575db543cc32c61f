"""The evaluation itself: people shared out to processes, their figures added up in one order."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.eval.golden import Pair, Person, load_people
from tests.eval.hostile import Tally, try_pair, try_truths
from tests.eval.imports import score_imports
from tests.eval.measures import Findings
from tests.eval.planted import planted
from tests.eval.roundtrip import check_round_trip

from resume_core.gate import Gate
from resume_core.posting import PostingView
from resume_core.skills import load_catalog


def evaluate(
    people: Sequence[str] = (),
    postings: Sequence[str] = (),
    *,
    plant: str = "",
    processes: int = 1,
    documents: bool = True,
) -> Findings:
    """Everything counted over the golden set, or over the named part of it.

    Args:
        people: the names of the resumes; empty: all.
        postings: the names of those whose postings are used; empty: all.
        plant: a bug to run with, "" for none.
        processes: how many work at once; the findings are the same.
        documents: whether imports and round trips are tried too.
    """
    everybody = load_people()
    names = [p.name for p in everybody if p.name in people or not people]
    asked = [p.name for p in everybody if p.posting and (p.name in postings or not postings)]
    jobs = [(name, tuple(asked), plant, documents) for name in names]
    if processes == 1:
        parts = list(map(_one_person, jobs))
    else:
        # Forked, so that a planted bug and the word lists are there already.
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            parts = list(pool.map(_one_person, jobs))
    findings = Findings()
    for part in parts:
        findings.people += part.people
        findings.pairs += part.pairs
        findings.tally.add(part.tally)
        findings.imports.update(part.imports)
        findings.round_trip.update(part.round_trip)
    return findings


def processors() -> int:
    """How many processes are worth starting here."""
    return max(1, len(os.sched_getaffinity(0)))


def _one_person(job: tuple[str, tuple[str, ...], str, bool]) -> Findings:
    name, asked, plant, documents = job
    people = {p.name: p for p in load_people()}
    person = people[name]
    with planted(plant):
        postings = [(other, posting) for other in asked if (posting := people[other].posting)]
        tally = _try_postings(person, postings)
        findings = Findings(1, len(postings), tally)
        if documents:
            findings.imports = score_imports(person)
            for export, (found, said) in check_round_trip(person).items():
                findings.round_trip += Counter({(export, "found"): found, (export, "said"): said})
    return findings


def _try_postings(person: Person, postings: Sequence[tuple[str, PostingView]]) -> Tally:
    catalog, tally = load_catalog(), Tally()
    for at, (name, posting) in enumerate(postings):
        matched = name == person.name
        pair = Pair(person, posting, matched, Gate(person.resume, posting, catalog))
        tally.add(try_pair(pair, at, catalog))
        if matched:
            tally.add(try_truths(pair))
    return tally

"""The fold: same facts, same row, however they arrive."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway_svc.jobs.model import JobRow, Status
from gateway_svc.jobs.projection import DEADLINE, admit, fold, new_row, progress_at
from resume_contracts.messages import JobEvent, ends_run

from .facts import Facts

F = Facts()


def commit(row: JobRow, batches: Sequence[Sequence[JobEvent]]) -> list[JobRow]:
    """What the store does: facts already committed are left out; each batch is folded."""
    seen: set[UUID] = set()
    rows = [row]
    for batch in batches:
        new = [event for event in batch if event.message_id not in seen]
        seen |= {event.message_id for event in new}
        rows.append(fold(rows[-1], new))
    return rows


progressing = st.lists(
    st.one_of(
        st.builds(F.started, st.integers(0, 2), st.integers(1, 3), st.just(1)),
        st.builds(F.retrying, st.integers(0, 2), st.integers(1, 3), st.just(1)),
        st.builds(
            F.succeeded,
            st.integers(0, 1),
            st.integers(1, 3),
            st.just(1),
            degraded=st.booleans(),
        ),
    ),
    max_size=12,
    unique_by=lambda event: event.message_id,
)
ending = st.lists(
    st.one_of(
        st.builds(F.succeeded, st.just(2), st.integers(1, 3)),
        st.builds(F.failed, st.integers(0, 2), st.integers(1, 3)),
        st.just(F.expired()),
        st.just(F.cancelled()),
    ),
    max_size=4,
    unique_by=lambda event: event.message_id,
)


def interleaved(
    rng: random.Random, others: list[JobEvent], ends: list[JobEvent]
) -> list[list[JobEvent]]:
    """Others in any order and repeated, ends in their own order, cut into batches anywhere."""
    shuffled = others + [rng.choice(others) for _ in range(3) if others]
    rng.shuffle(shuffled)
    merged: list[JobEvent] = []
    tail = list(ends)
    while shuffled or tail:
        take_end = tail and (not shuffled or rng.random() < 0.4)
        merged.append(tail.pop(0) if take_end else shuffled.pop())
        if ends and rng.random() < 0.2 and merged[-1] in ends:
            merged.append(merged[-1])
    batches: list[list[JobEvent]] = [[]]
    for event in merged:
        if rng.random() < 0.5:
            batches.append([])
        batches[-1].append(event)
    return batches


@given(others=progressing, ends=ending, seeds=st.tuples(st.integers(), st.integers()))
def test_fold_is_indifferent_to_order_duplicates_and_batches(
    others: list[JobEvent], ends: list[JobEvent], seeds: tuple[int, int]
) -> None:
    start = new_row(F.accepted())
    one, two = (commit(start, interleaved(random.Random(seed), others, ends))[-1] for seed in seeds)
    assert one == two
    assert one.version == 1 + len(others) + len(ends)


@given(others=progressing, ends=ending, seed=st.integers())
def test_fold_first_terminal_fact_wins_and_stays(
    others: list[JobEvent], ends: list[JobEvent], seed: int
) -> None:
    rows = commit(new_row(F.accepted()), interleaved(random.Random(seed), others, ends))
    assert rows[-1].ended_by == (ends[0].message_id if ends else None)
    over = [row for row in rows if row.is_over]
    assert len({(row.status, row.ended_by, row.error) for row in over}) <= 1


@given(others=progressing, ends=ending, seed=st.integers())
def test_fold_progress_never_falls_within_a_run(
    others: list[JobEvent], ends: list[JobEvent], seed: int
) -> None:
    rows = commit(new_row(F.accepted()), interleaved(random.Random(seed), others, ends))
    assert all(a.progress <= b.progress <= 100 for a, b in pairwise(rows))
    assert all(row.progress < 100 for row in rows if row.status is not Status.COMPLETED)


@given(others=progressing, ends=ending, late=st.integers(0, 5), seed=st.integers())
def test_fold_facts_of_a_former_run_change_nothing_but_the_count(
    others: list[JobEvent], ends: list[JobEvent], late: int, seed: int
) -> None:
    events = [event for batch in interleaved(random.Random(seed), others, ends) for event in batch]
    before, after = events[late:], events[:late]
    second: list[JobEvent] = [F.redriven(2), F.started(0, run=2)]
    mixed = commit(new_row(F.accepted()), [before, second, after])[-1]
    plain = commit(new_row(F.accepted()), [second])[-1]
    assert replace(mixed, version=0, updated_at=plain.updated_at) == replace(plain, version=0)


def test_fold_walks_the_whole_path() -> None:
    events: list[JobEvent] = [
        F.started(0),
        F.succeeded(0),
        F.succeeded(1, unavailable="not configured"),
        F.started(2),
        F.succeeded(2, degraded=True),
    ]
    rows = commit(new_row(F.accepted()), [[event] for event in events])
    assert [row.progress for row in rows] == [0, 6, 20, 40, 60, 100]
    assert [row.status for row in rows[:2]] == [Status.PENDING, Status.PROCESSING]
    last = rows[-1]
    assert (last.status, last.version, last.is_degraded) == (Status.COMPLETED, 6, True)
    assert last.notes["research.company"].unavailable == "not configured"


def test_fold_keeps_the_stages_error() -> None:
    row = fold(new_row(F.accepted()), [F.started(0), F.failed(0)])
    assert (row.status, row.error) == (Status.FAILED, F.failed(0).error)


def test_fold_names_the_deadline_when_a_job_expired() -> None:
    row = fold(new_row(F.accepted()), [F.expired()])
    assert (row.status, row.error) == (Status.FAILED, DEADLINE)


def test_admit_expires_a_run_once() -> None:
    row = new_row(F.accepted())
    admitted = admit(row, [F.expire_due(), F.expire_due()])
    assert [event.message_id for event in admitted] == [F.expired().message_id]


def test_admit_drops_expiry_behind_the_end() -> None:
    row = new_row(F.accepted())
    admitted = admit(row, [F.succeeded(2), F.expire_due()])
    assert [ends_run(event) for event in admitted] == [True]
    assert admit(fold(row, admitted), [F.expire_due()]) == []
    assert admit(row, [F.expire_due(run=2)]) == []


@given(st.integers(0, 2), st.integers(1, 5))
def test_progress_rises_along_the_slip(stage: int, n: int) -> None:
    here = progress_at(F.slip, (stage, 1, n))
    assert 0 < here < 100
    assert here <= progress_at(F.slip, (stage, 1, 3))

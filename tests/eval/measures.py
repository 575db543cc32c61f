"""The figures of an evaluation and the targets they are held to."""

import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tests.eval.hostile import Tally
from tests.eval.imports import ALL_FIELDS
from tests.eval.liar import Family
from tests.eval.lies import LIES
from tests.eval.prose import PRODUCTS
from tests.eval.rewrites import REWRITES

#: The least share of each family's lies that is kept out; of scope, that is kept out or flagged.
RECALL: Final = {
    Family.IDENTITY: 0.99,
    Family.QUANTITY: 0.95,
    Family.COMMINGLED: 0.95,
    Family.SKILL: 0.99,
    Family.BLEED: 0.99,
    Family.FORM: 0.99,
    Family.SCOPE: 0.95,
}
FALSE_BLOCKS: Final = 0.02
HEADROOM: Final = 0.8
#: Of each field in each layout, by set of people.
IMPORT_F1: Final = MappingProxyType({"golden": 0.95, "heldout": 0.8})
#: What must be found in no delivered document.
_NEVER: Final = (
    *("unexplained texts", "identity fields changed", "entries lost", "musts lost"),
    *("entries blown up", "coverage above the ceiling", "changes without source or requirement"),
)


@dataclass
class Findings:
    """Everything that was counted over the golden set."""

    of: str = "golden"
    people: int = 0
    pairs: int = 0
    tally: Tally = field(default_factory=Tally)
    imports: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: (export, "found" | "said") of statements.
    round_trip: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: (product, class of sentences, outcome) of letters, interview packs and career paths.
    prose: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure; without a target it is only reported. `at_most` turns the comparison."""

    name: str
    value: float
    target: float | None = None
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the target is reached, if there is one."""
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target


def measure(found: Findings) -> list[Measure]:
    """Every figure with its target, in the order of the report."""
    return [
        *_delivered(found.tally),
        *_recall(found.tally),
        *_truths(found.tally),
        *_headroom(found.tally),
        *_prose(found.prose),
        *_imports(found.imports, IMPORT_F1[found.of]),
        *_round_trip(found.round_trip),
    ]


def _delivered(tally: Tally) -> Iterator[Measure]:
    lies = sum(count for (way, _), count in tally.delivered.items() if way == "change")
    yield Measure("lies delivered by changes", lies, 0, at_most=True)
    for name in _NEVER:
        yield Measure(name, tally.counts[name], 0, at_most=True)
    told = sum(count for (way, _), count in tally.delivered.items() if way == "document")
    yield Measure("lies delivered by whole documents, gated", told, 0, at_most=True)
    yield Measure("lies in whole documents, without a gate", tally.counts["lies in rewrites"])
    marked, own = (tally.counts[f"own untrue words{w}"] for w in (" marked", ""))
    yield Measure("own edits that are untrue, marked", share(marked, own), 1.0)
    refused, rewrites = tally.counts["rewrites refused"], tally.counts["rewrites"]
    yield Measure("whole documents refused", share(refused, rewrites), 1.0)
    kept, proposed = (tally.counts[f"true changes {w}"] for w in ("delivered", "proposed"))
    yield Measure("true changes delivered beside lies", share(kept, proposed), 0.9)


def families() -> dict[tuple[str, str], Family]:
    """The family of each (way, class); any lie can stand in a document too."""
    lines = {(way, name): f for name, (f, _) in LIES.items() for way in ("change", "document")}
    return lines | {("document", name): family for name, (family, _) in REWRITES.items()}


def _recall(tally: Tally) -> Iterator[Measure]:
    for (way, name), family in families().items():
        tried = tally.lies[way, name, "tried"]
        caught = tally.lies[way, name, "blocked"]
        if family is Family.SCOPE:
            caught += tally.lies[way, name, "flagged"]
        if tried:
            yield Measure(f"recall of {way}: {name}", share(caught, tried), RECALL[family])


def _truths(tally: Tally) -> Iterator[Measure]:
    languages = sorted({language for language, _ in tally.truths})
    counted = {
        outcome: sum(tally.truths[language, outcome] for language in languages)
        for outcome in ("tried", "blocked", "flagged")
    }
    blocked = share(counted["blocked"], counted["tried"])
    yield Measure("false blocks of true rewordings", blocked, FALSE_BLOCKS, at_most=True)
    flagged = share(counted["flagged"], counted["tried"])
    yield Measure("true rewordings left to the person", flagged, 0.1, at_most=True)
    for language in languages:
        tried = tally.truths[language, "tried"]
        blocks = share(tally.truths[language, "blocked"], tried)
        yield Measure(f"false blocks, {language} ({tried})", blocks)


def _headroom(tally: Tally) -> Iterator[Measure]:
    for engine, shares in tally.headroom.items():
        median = round(statistics.median(shares), 4)
        yield Measure(f"honest headroom captured, median: {engine}", median, HEADROOM)
        yield Measure(
            f"honest headroom captured, mean: {engine}", round(statistics.fmean(shares), 4)
        )


def _prose(prose: Counter[tuple[str, str, str]]) -> Iterator[Measure]:
    for product in PRODUCTS:
        counts = {name: n for (of, name, what), n in prose.items() if of == product and n}
        if not counts:
            continue
        told = sum(n for (of, _, what), n in prose.items() if (of, what) == (product, "delivered"))
        yield Measure(f"{product}: lies delivered", told, 0, at_most=True)
        yield Measure(
            f"{product}: strange numbers", counts.get("strange numbers", 0), 0, at_most=True
        )
        bare, said = counts.get("sentences without ground", 0), counts["sentences"]
        yield Measure(f"{product}: sentences grounded", share(said - bare, said), 1.0)
        wrong, pages = counts.get("contradictions", 0), counts["pages"]
        yield Measure(f"{product}: consistent", share(pages - min(wrong, pages), pages), 1.0)
        for label in sorted(name for name in counts if name.startswith("true, ")):
            kept, tried = (prose[product, label, what] for what in ("kept", "tried"))
            yield Measure(f"{product}: true sentences kept, {label[6:]}", share(kept, tried), 0.9)


def _imports(scores: Counter[tuple[str, str, str]], least: float) -> Iterator[Measure]:
    layouts = list(dict.fromkeys(layout for layout, _, _ in scores))
    for layout in layouts:
        for name in ALL_FIELDS:
            yield Measure(f"import F1: {layout}, {name}", f1(scores, layout, name), least)


def f1(scores: Counter[tuple[str, str, str]], layout: str, name: str) -> float:
    """The F1 of one field in one layout; 1.0 where there is nothing to read."""
    hit, wanted, got = (scores[layout, name, part] for part in ("hit", "wanted", "got"))
    return share(2 * hit, wanted + got)


def _round_trip(scores: Counter[tuple[str, str]]) -> Iterator[Measure]:
    for export in dict.fromkeys(name for name, _ in scores):
        found, said = scores[export, "found"], scores[export, "said"]
        yield Measure(f"round trip: {export}", share(found, said), 1.0)


def share(part: float, whole: float) -> float:
    """A share, rounded down so that no miss is rounded away; 1.0 of nothing."""
    return int(part / whole * 10000) / 10000 if whole else 1.0


def as_json(found: Findings, measures: list[Measure]) -> dict[str, Any]:
    """The report of a set as data: equal runs, equal bytes."""
    tally = found.tally
    return {
        "people": found.people,
        "pairs": found.pairs,
        "met": all(m.met for m in measures),
        "measures": [
            {"name": m.name, "value": m.value, "target": m.target, "met": m.met} for m in measures
        ],
        "lies": {"/".join(key): count for key, count in sorted(tally.lies.items())},
        "delivered": {"/".join(key): count for key, count in sorted(tally.delivered.items())},
        "counts": dict(sorted(tally.counts.items())),
        "truths": {"/".join(key): count for key, count in sorted(tally.truths.items())},
        "prose": {"/".join(key): count for key, count in sorted(found.prose.items())},
        "missed": tally.missed[:40],
        "falseBlocks": tally.false_blocks,
    }

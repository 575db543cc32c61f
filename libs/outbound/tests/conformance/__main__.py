"""`make conformance`: every case against every library, as a page of docs/."""

import asyncio
import logging
import sys
from importlib.metadata import version
from pathlib import Path

from .cases import CASES, REJECTIONS, Case
from .hands import turned_by_hand
from .ours import Ours
from .peers import LIBRARIES, Library
from .rig import Adapter, Clocks, NotOfferedError, Rig, Spec

CASE_S = 60.0


async def verdict(case: Case, adapter: Adapter, clocks: Clocks, spec: Spec) -> str:
    """`yes`, `-` (not offered), or `no` and why."""
    rig = Rig(adapter, clocks, spec)
    try:
        async with asyncio.timeout(CASE_S):
            await case(rig)
    except NotOfferedError:
        return "-"
    except AssertionError as error:
        return f"no: {error}"
    except Exception as error:  # noqa: BLE001  the library broke
        return f"no: {type(error).__name__}"
    finally:
        await rig.close()
    return "yes"


def judge(case: Case, library: Library | None) -> str:
    """One cell, on a loop of its own, so that no library's leftovers reach the next case."""
    clocks, spec = Clocks(), Spec()

    async def run() -> str:
        if library is None:
            return await verdict(case, Ours(clocks, spec), clocks, spec)
        with turned_by_hand(library.name, clocks):
            return await verdict(case, library.build(clocks, spec), clocks, spec)

    return asyncio.run(run())


def page() -> tuple[str, bool]:
    """The page, and whether ours passed everything."""
    columns: list[Library | None] = [None, *LIBRARIES]
    names = ["ours", *(library.name for library in LIBRARIES)]
    cells = [[judge(case, library) for library in columns] for case in CASES]
    short = [[cell.partition(":")[0] for cell in row] for row in cells]
    lines = [
        "# Circuit breakers compared",
        "",
        _INTRODUCTION.format(spec=Spec()),
        "",
        "| | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    for case, row in zip(CASES, short, strict=True):
        marks = (f"**{cell}**" if cell == "no" else cell for cell in row)
        lines.append(f"| {_title(case)} | " + " | ".join(marks) + " |")
    passed = (sum(row[i] == "yes" for row in short) for i in range(len(names)))
    lines += [f"| **of {len(CASES)}** | " + " | ".join(map(str, passed)) + " |", ""]
    lines += ["## Whose they are", "", "| library | tried | its release | licence |"]
    lines += ["|---|---|---|---|"]
    lines += [
        f"| {one.name} | {version(one.name)} | {one.released} | {one.licence} |"
        for one in LIBRARIES
    ]
    lines += ["", "## What went wrong", ""]
    for index, name in enumerate(names):
        wrong = [
            f"{_title(case)} ({row[index][4:]})"
            for case, row in zip(CASES, cells, strict=True)
            if row[index].startswith("no")
        ]
        lines += [f"- **{name}**: {'; '.join(wrong)}."] if wrong else []
    lines += ["", _REMARKS, ""]
    return "\n".join(lines), all(row[0] == "yes" for row in cells)


_INTRODUCTION = (
    "Written by `make conformance`: the cases of `libs/outbound/tests/conformance/cases.py`, "
    "which say exactly what each row means, run against ours in every test run, and here against "
    "what PyPI has for asyncio, each set up as well as it lets itself be (`peers.py`). Threshold "
    "{spec.threshold} in {spec.window:.0f} s, {spec.recovery:.0f} s open; time is moved by hand. "
    "`-`: the library has no such thing."
)

_REMARKS = (
    f"`rejections grow nothing` counts traceback frames and memory over {REJECTIONS} rejections. "
    "pybreaker's own asyncio-like call is Tornado's, so its context manager is used. fluxgate "
    "opens by rate, so it gets half of at least three calls in 60 s. aiomisc's breaker opens by "
    "rate over ten full buckets and recovers by chance, which these cases cannot ask."
)


def _title(case: Case) -> str:
    return case.__name__.replace("_", " ")


def main() -> int:
    """Write the page named by the only argument."""
    logging.disable(logging.CRITICAL)
    text, ours_passed = page()
    Path(sys.argv[1]).write_text(text)
    return 0 if ours_passed else 1


if __name__ == "__main__":
    sys.exit(main())

"""`make eval-planted`: bugs planted in the gate, each on a branch of its own, and what turns red.

Each bug is a patch beside this file. It is applied and committed on a throwaway branch in a
throwaway worktree of what is committed here, the small evaluation runs on it, both are removed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PATCHES: Final = Path(__file__).with_name("planted")
#: Each planted bug and a measure of the report that it must turn red.
PLANTS: Final = MappingProxyType(
    {
        "quantities-of-the-whole-document": "recall of change: inflated number",
        "titles-unchecked": "recall of document: title raised",
        "aliases-inside-words": "recall of change: skill inside a word",
        "no-gate-after-a-decision": "own edits that are untrue, marked",
        "flags-pass": "lies delivered by changes",
    }
)


def patch_of(name: str) -> Path:
    """The patch of a bug."""
    return PATCHES / f"{name}.patch"


def red_in(tree: Path) -> dict[str, float]:
    """The measures that the small evaluation misses with the sources of another tree."""
    sources = [str(p) for p in sorted(tree.glob("libs/*/src")) + sorted(tree.glob("*-svc/src"))]
    path = os.pathsep.join([*sources, str(ROOT)])
    asked = [sys.executable, "-B", "-m", "tests.eval.small"]
    ran = subprocess.run(  # noqa: S603  this interpreter, a module of ours
        asked, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def plant(name: str) -> dict[str, float]:
    """Commit a bug on a branch in a worktree, see what it turns red, remove both."""
    branch = f"planted/{name}"
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        tree = Path(folder) / "tree"
        _git(ROOT, "worktree", "add", "--quiet", "-b", branch, str(tree), "HEAD")
        try:
            _git(tree, "apply", str(patch_of(name)))
            _git(tree, *_AUTHOR, "commit", "--quiet", "--no-verify", "-am", f"Planted: {name}")
            return red_in(tree)
        finally:
            _git(ROOT, "worktree", "remove", "--force", str(tree))
            _git(ROOT, "branch", "--quiet", "-D", branch)


_AUTHOR: Final = ("-c", "user.name=planted", "-c", "user.email=planted@localhost")


def _git(where: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=where, check=True)  # noqa: S603, S607  git of this checkout


def main() -> int:
    """Plant every bug and print its red rows; 1 when one turns its row not red."""
    before, unseen = red_in(ROOT), []
    print("| planted bug | row | value |\n| --- | --- | --- |")
    print("\n".join(f"| none | {row} | {value:g} |" for row, value in before.items()))
    for name, wanted in PLANTS.items():
        found = plant(name)
        rows = {row: value for row, value in found.items() if before.get(row) != value}
        print("\n".join(f"| {name} | {row} | {value:g} |" for row, value in rows.items()))
        if wanted not in rows:
            unseen.append(name)
    if unseen:
        print(f"Not seen: {', '.join(unseen)}", file=sys.stderr)
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())

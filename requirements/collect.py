# ruff: noqa: INP001  a script beside the lock files that nobody imports
"""Collects what our packages need from their pyproject files, for `make lock`.

Prints `requirements/runtime.in`: each package's dependencies and build requirements, without our
own packages, which are installed from this repository.
"""

import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("libs/*", "*-svc", "deploy/launcher")
#: Hatchling asks for it when it installs a package in editable form.
EDITABLE = "editables"


def collect(repository: Path) -> list[str]:
    """The requirements of all packages, sorted, each once."""
    projects = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for pattern in PACKAGES
        for path in sorted(repository.glob(f"{pattern}/pyproject.toml"))
    ]
    ours = {project["project"]["name"] for project in projects}
    wanted = {EDITABLE}
    for project in projects:
        wanted.update(project["project"].get("dependencies", ()))
        wanted.update(project["build-system"]["requires"])
    return sorted(wanted - ours)


if __name__ == "__main__":
    sys.stdout.write("# Collected from the packages' pyproject files by collect.py.\n")
    sys.stdout.write("\n".join(collect(REPOSITORY)) + "\n")

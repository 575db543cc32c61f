# ruff: noqa: INP001  a script of the image build that nobody imports
"""Makes `/app/venv` with one service and what it needs: `environment.py REQUIREMENT [SOURCE]`.

Takes everything from the wheels that were checked against their hashes (PIP_NO_INDEX), compiled,
without pip.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HOME = Path("/app/venv")
WHEELS = "/wheels"


def main(requirement: str, source: str | None = None) -> None:
    """Build the service in `source`, when one is given, and make the environment, or add to it."""
    if source is not None:
        _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", WHEELS, source)
    if not HOME.exists():
        venv.create(HOME, symlinks=True)
    _pip("--python", str(HOME / "bin" / "python"), "install", requirement)
    if source is not None:
        package = Path(source).name.replace("-", "_")
        inside = next(HOME.glob(f"lib/python3*/site-packages/{package}"))
        shutil.copytree(Path(source) / "migrations", inside / "migrations")


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

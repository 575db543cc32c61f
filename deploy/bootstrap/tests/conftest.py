"""The bootstrap runs as `python3 -m deploy.bootstrap` from the repository, and so do its tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

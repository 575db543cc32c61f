"""`python -m resume_launcher {up|down|ps|logs|demo|clean|services|run-tests}`."""

import sys

from resume_launcher.cli import main

sys.exit(main(sys.argv[1:]))

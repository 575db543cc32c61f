"""`python -m research_svc {migrate|consume|smoke}`."""

import sys

from research_svc.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m tailor_svc {migrate|consume|smoke}`."""

import sys

from tailor_svc.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m extract_svc {migrate|consume}`."""

import sys

from extract_svc.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

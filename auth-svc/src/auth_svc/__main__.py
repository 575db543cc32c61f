"""`python -m auth_svc {migrate|serve}`."""

import sys

from auth_svc.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

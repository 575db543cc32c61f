"""`python -m gateway_svc COMMAND`."""

import sys

from gateway_svc.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

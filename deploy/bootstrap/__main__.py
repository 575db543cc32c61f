"""`python3 -m deploy.bootstrap {demo|test}`: have everything installed that the target needs."""

import sys

# Older Pythons can read this file, and nothing that it imports.
if sys.version_info < (3, 11):  # noqa: UP036  it is the point
    sys.exit("This needs Python 3.11 or newer as python3; here is " + sys.version.split()[0] + ".")

from .cli import main

sys.exit(main(sys.argv[1:]))

# ruff: noqa: INP001  a script in the images that nobody imports
"""Exits with 0 when this container's process says that it is ready: `health.py PORT`.

Written for a check every few seconds: nothing but a socket is imported.
"""

import socket
import sys

TIMEOUT_S = 4.0


def main(port: int) -> int:
    """Ask once; the exit code."""
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
            status = connection.recv(64).partition(b"\r\n")[0]
    except OSError as error:
        sys.stdout.write(f"{type(error).__name__}\n")
        return 1
    sys.stdout.write(f"{status.decode(errors='replace')}\n")
    return 0 if b" 200 " in status else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

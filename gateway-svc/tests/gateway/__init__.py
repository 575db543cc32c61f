"""Tests of gateway-svc; a package name of its own, since two named `tests` shadow each other."""

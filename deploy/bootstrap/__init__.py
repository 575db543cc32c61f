"""Prepares a machine: Debian packages, and the Python environment in `.venv`.

Runs under the system's own python3, so it uses the standard library and nothing else.
"""

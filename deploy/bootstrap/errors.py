"""What stops the preparation, worded for the person at the terminal."""


class BootstrapError(Exception):
    """One readable message; printed without a stack trace."""

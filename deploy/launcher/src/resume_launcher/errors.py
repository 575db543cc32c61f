"""What can go wrong on the way up, worded for the person at the terminal."""


class LauncherError(Exception):
    """One readable line for the terminal; printed without a stack trace."""


class MissingProgramError(LauncherError):
    """A program the stack needs is not installed."""


class StartError(LauncherError):
    """Something did not start.

    Attributes:
        process: whose log says why.
    """

    def __init__(self, process: str, reason: str) -> None:
        """`reason` completes the sentence "<process> …"."""
        super().__init__(f"{process} {reason}")
        self.process = process


class InterruptedStartError(LauncherError):
    """Somebody stopped the stack while it was starting."""

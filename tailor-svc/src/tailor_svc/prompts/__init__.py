"""Prompts are versioned files, so that what was asked can always be told from the version."""

from importlib import resources

#: The version of the prompt in use; part of what makes two calls the same.
TAILOR_RESUME = "tailor_resume.v1"


def load(name: str) -> str:
    """The text of a prompt by its versioned name."""
    return resources.files("tailor_svc.prompts").joinpath(f"{name}.md").read_text("utf-8")

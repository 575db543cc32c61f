"""What an operator may change of a provider's policy, from the environment."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from resume_outbound.policy import TOTAL_S, Policy, playbook_policies
from resume_runtime.settings import load_settings


class PolicySettings(BaseSettings):
    """Variables named after the provider: `OPENAI_TIMEOUT=60`. What is not set is the playbook's.

    Times are seconds; the limits of concurrent calls are the fleet's.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    max_concurrent: int | None = Field(
        None, ge=1, le=1000, description="calls at once, of all replicas together"
    )
    timeout: float | None = Field(
        None, ge=5, le=TOTAL_S, description="seconds for one attempt; a call has 120 in all"
    )
    retries: int | None = Field(None, ge=0, le=5, description="attempts after the first")
    threshold: int | None = Field(
        None, ge=1, le=1000, description="failures in 60 s that open the circuit"
    )
    recovery: float | None = Field(
        None, ge=1, le=3600, description="seconds from opening to the first probe"
    )

    def applied_to(self, policy: Policy) -> Policy:
        """The policy with what is set."""
        return replace(policy, **self.model_dump(exclude_none=True))


def load_policies(providers: Iterable[str]) -> dict[str, Policy]:
    """The fleet's policies of `providers`: the playbook's table, and the environment over it.

    Raises:
        SystemExit: with code 78 after one line on stderr for each wrong variable.
    """
    table = playbook_policies()
    return {
        name: load_settings(PolicySettings, prefix=f"{name.upper()}_").applied_to(table[name])
        for name in providers
    }

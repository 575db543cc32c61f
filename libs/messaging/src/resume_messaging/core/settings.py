"""The runner's own times. Seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """How patient a stage runner is.

    Attributes:
        claim_s: a claim that is not extended for this long is another's to take over. A running
            handler extends its claim four times as often, so this is no limit of its time but the
            pause after a process died in the middle of a stage.
        backoff_first_s: the first pause when PostgreSQL or RabbitMQ fails; doubles, with jitter.
        backoff_cap_s: the longest such pause.
        linger_s: how long an outcome is kept and tried again when the deadline is past already.
        longest_pause_s: the longest pause after `Wait` for a provider that is free (no slot).
        suspect_after: crashes (`x-delivery-count`) that make a delivery a suspect.
        max_starts: the start of a suspect that is not granted any more.
    """

    claim_s: float = 20.0
    backoff_first_s: float = 0.2
    backoff_cap_s: float = 5.0
    linger_s: float = 30.0
    longest_pause_s: float = 5.0
    suspect_after: int = 2
    max_starts: int = 3

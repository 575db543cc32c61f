"""One provider as the fleet knows it, and what this process has of it."""

from resume_outbound.fleet import Follower
from resume_outbound.fleet_news import News
from resume_outbound.fleet_slots import FleetSlots


class SharedProvider:
    """Its keys, and this process's slots, line and probe."""

    def __init__(self, service: str, name: str, slots: FleetSlots, patience: float) -> None:
        prefix = f"fleet:{service}:{name}"
        self.name = name
        self.slots = slots
        self.follower: Follower | None = None
        self.probe = ""
        self.probe_ends = 0.0
        #: A probe is over by then; a call that ignores even its cancellation is not waited for.
        self.patience = patience
        self.leases, self.members = f"{prefix}:leases", f"{prefix}:members"
        self.opening, self.pause = f"{prefix}:opening", f"{prefix}:pause"
        self.probe_key = f"{prefix}:probe"

    def hear(self, news: News) -> None:
        """Pass on what the fleet says of it."""
        if news.kind == "free":
            self.slots.wake()
        elif self.follower is not None:
            match news.kind:
                case "opened":
                    self.follower.follow_opening(news.seconds)
                case "closed":
                    self.follower.follow_closing()
                case "paused":
                    self.follower.follow_pause(news.seconds)

"""Jobs: accepted, folded from events, read, streamed and cancelled."""

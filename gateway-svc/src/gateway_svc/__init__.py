"""The edge: job API, projector, relay and sweeper."""

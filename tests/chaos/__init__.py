"""Faults of the providers over the running pipeline, beside a naive build: `make chaos`."""

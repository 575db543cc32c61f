"""Local stand-ins for the providers and a career site, with fault scripts and a call ledger."""

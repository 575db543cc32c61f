"""Job postings: captured once, frozen, and used by any number of jobs."""

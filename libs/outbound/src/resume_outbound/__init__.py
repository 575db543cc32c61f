"""Calls to other people's services: breaker, bulkhead, retry, deadlines, safe fetch."""

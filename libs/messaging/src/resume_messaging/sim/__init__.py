"""The messaging core under a virtual clock and an in-memory broker that fails on purpose.

`python -m resume_messaging.sim --seeds 1000`: each seed is one history of crashes, lost confirms,
outages, cancels and redrives, run through the real stage runner, gate and stops, and checked.
"""

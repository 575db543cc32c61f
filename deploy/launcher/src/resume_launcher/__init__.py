"""Runs the whole system natively on one machine."""

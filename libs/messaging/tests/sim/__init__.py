"""Tests of the simulation itself."""

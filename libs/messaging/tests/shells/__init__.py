"""Tests of the shells against real servers."""

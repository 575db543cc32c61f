"""The transport-free heart: what a consumer does with one delivery. Imports no broker library."""

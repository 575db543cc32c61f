"""Unit tests of the transport-free core: no server, virtual time."""

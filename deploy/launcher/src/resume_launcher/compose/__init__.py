"""The stack in containers: `docker compose`, driven and described like the native stack."""

"""The background process that starts the stack, restarts what dies and stops it all."""

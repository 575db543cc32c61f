"""Messages, workflows, routing keys and error codes that every service agrees on."""

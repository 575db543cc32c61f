"""Settings, logging, correlation, metrics, health and database defaults shared by every process."""

"""Private RabbitMQ, PostgreSQL and Valkey processes, for the launcher and for tests."""

from resume_launcher.servers.postgres import PostgresServer
from resume_launcher.servers.rabbitmq import RabbitServer
from resume_launcher.servers.valkey import ValkeyServer

__all__ = ["PostgresServer", "RabbitServer", "ValkeyServer"]

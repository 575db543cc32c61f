"""Private RabbitMQ and PostgreSQL processes, for the launcher and for tests."""

from resume_launcher.servers.postgres import PostgresServer
from resume_launcher.servers.rabbitmq import RabbitServer

__all__ = ["PostgresServer", "RabbitServer"]

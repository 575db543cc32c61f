"""Broker users and their limits, on RabbitMQ as it starts from its definitions file."""

"""What connects the core to RabbitMQ and PostgreSQL. One concern a module."""

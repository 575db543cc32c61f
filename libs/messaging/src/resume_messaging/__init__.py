"""Stage runner, gate and memo over RabbitMQ; the same core under a simulated broker."""

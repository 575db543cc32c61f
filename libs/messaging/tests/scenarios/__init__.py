"""One suite of scenarios, on the simulated broker and on RabbitMQ alike."""

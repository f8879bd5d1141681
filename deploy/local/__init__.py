"""The stack without Docker: real Kafka, real PostgreSQL, a mail sink and the services as local processes."""

"""Searches every file of Kafka, Postgres and the local state for texts that must not stand there any more."""

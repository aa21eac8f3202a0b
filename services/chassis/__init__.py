"""What every service runs on: consumer loop, outbox, dead letters, telemetry. No word of the domain."""

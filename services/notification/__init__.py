"""Who must know of relief, and may: the dismissal stream, and webhooks to those who subscribed."""

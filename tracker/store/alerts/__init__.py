"""Targets of alerts, and the outbox of messages to them."""

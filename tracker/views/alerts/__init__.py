"""Targets of alerts and the digest, as they are shown."""

"""Feeds, polls and schedules, as they are shown."""

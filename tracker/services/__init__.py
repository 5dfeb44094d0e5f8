"""The use cases: they join feeds, stories and store."""

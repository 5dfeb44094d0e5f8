"""Feeds, their credentials, where they moved, and the history of polls."""

"""Queries: their syntax, language, segments, interpretation, and its stored form."""

"""A query as typed and as interpreted: grammar, segments, language, and its stored form."""

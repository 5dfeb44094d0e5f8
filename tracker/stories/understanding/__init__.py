"""Query understanding: from a parsed query to an interpretation with roles and expansions."""

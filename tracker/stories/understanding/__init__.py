"""From a parsed query to its interpretation: roles, expansion, names inferred."""

"""Query against document: what an item shows of a query, and which items to look at."""

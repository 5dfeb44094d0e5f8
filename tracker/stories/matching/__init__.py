"""Matching of queries and items: evidence of one item, and the search for candidate items."""

"""Cutting a query into segments, and what each span of words denotes."""

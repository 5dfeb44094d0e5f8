"""Events: grouping the reports of a story by development."""

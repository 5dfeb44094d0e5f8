"""Segmentation: from the text of a query to segments linked to names, concepts and entries."""

"""Items as they are stored, queued and indexed."""

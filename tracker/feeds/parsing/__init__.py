"""From the bytes of a feed document to entries: encodings, dialects, dates, mark-up."""

"""From a URL to the bytes of an answer: transfers, limits, redirects, what an answer means."""

"""One story over time: candidates, learning, relevance feedback, and the second pass."""

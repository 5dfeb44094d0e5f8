"""The scoring model: features, what a story has learned, the score and its reasons."""

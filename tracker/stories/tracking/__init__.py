"""One followed story over time: candidates, learning, feedback, a second look."""

"""Stories, their links, the user's decisions, and what the views read."""

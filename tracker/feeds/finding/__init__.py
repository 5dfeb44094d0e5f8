"""From what a person types to the address of a feed or the text of an article."""

"""One module per group of commands; a group of several modules has a folder."""

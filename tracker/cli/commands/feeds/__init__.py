"""`tracker feeds`: the feed list; `group` adds the commands of the other modules."""

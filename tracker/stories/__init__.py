"""From an item to its stories; pure, knows no SQL and no network."""

"""How surely an item belongs to a story: features, profile, log-odds, reasons."""

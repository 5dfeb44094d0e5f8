"""Model objects to renderables; pure, given width and now."""

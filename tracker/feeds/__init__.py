"""From a URL to entries; knows no stories and no SQL."""

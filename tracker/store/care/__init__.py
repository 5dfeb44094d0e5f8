"""Care of the database file: backups, restoring, checks, and what is no longer kept."""

"""Care of the data: backups, checks, deletion and settings."""

"""Backups, checks, purges and settings, in words and for scripts."""

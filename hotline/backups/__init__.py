"""Backups: made while the service runs, put back into an empty place."""

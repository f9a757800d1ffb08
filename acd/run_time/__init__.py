"""Settings that the file seeds, and that people change while calls come."""

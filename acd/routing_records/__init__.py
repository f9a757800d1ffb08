"""The decision records in the database, and in words."""

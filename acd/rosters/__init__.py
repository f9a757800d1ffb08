"""Rosters as they are kept, checked, read from files, and built for a week."""

"""Automatic call distribution: who speaks with whom, and when."""

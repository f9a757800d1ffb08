"""Doubtful answers, heard and set by a person; what was given first stays."""

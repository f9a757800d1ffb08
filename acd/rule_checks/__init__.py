"""Rules that contradict each other or that nobody can follow, told in words."""

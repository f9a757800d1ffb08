"""Why agents may pause, as it counts now: seeded by the file, changed while they work."""

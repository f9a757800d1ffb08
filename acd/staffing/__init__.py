"""How many agents it takes: closed forms, and simulation by the same engine."""

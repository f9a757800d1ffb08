"""The records: what happened to each call, kept so that a kill loses nothing."""

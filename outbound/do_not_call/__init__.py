"""Who is never called for a follow-up: the list, by hand and by opt-out."""

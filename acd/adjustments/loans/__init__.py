"""People who are lent to another queue for a while: carried out, given back, kept."""

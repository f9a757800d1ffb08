"""The only package that knows SIP. `calls` is what the rest of the house sees."""

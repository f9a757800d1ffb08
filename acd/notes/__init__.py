"""What agents write down of a call."""

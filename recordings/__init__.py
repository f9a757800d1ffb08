"""Audio kept, joined, proved and found."""

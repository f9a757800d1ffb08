"""What a try has come to while it runs, kept against a kill."""

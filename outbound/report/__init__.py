"""The report of a campaign: one page to read, and to print."""

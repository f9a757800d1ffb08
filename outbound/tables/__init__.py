"""The tables of campaigns, contacts, tries and answers."""

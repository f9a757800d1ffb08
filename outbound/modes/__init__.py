"""Campaigns with agents: how each is dialled, and what the pacing needs to know."""

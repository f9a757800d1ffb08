"""Campaigns that are ended for good, and what becomes of those who waited in them."""

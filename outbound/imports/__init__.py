"""Campaigns and contacts as they come in."""

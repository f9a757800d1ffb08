"""Calls that we place: who answers them."""

"""Thirty real minutes: SIP calls that come ever faster, staffed by the loop."""

"""Labelled audio for answer detection, made here: who answers a call that we place."""

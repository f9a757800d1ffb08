"""Tests of the flow language and the prompts."""

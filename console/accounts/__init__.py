"""Accounts: who may use the console, and how the console knows him."""

"""Agents and queues as the database holds them, and the log of agents' states."""

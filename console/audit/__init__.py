"""The audit trail: who changed or heard what, kept for ever."""

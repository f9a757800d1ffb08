"""Speech out (synthesis of prompts) and in (recognition of answers)."""

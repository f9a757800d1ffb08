"""Speech out (synthesis of prompts)."""

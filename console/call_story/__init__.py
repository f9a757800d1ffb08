"""What happened in a call, told in sentences that each reader has in his language."""

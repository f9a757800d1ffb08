"""What citizens said in words of their own, read by a machine after the call."""

"""What the machine says and understands: the flow language and its interpreter."""

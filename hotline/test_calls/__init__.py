"""Test calls: placed by the service every few minutes, or by hand, through real SIP."""

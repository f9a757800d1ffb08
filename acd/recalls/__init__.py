"""Recalls of off-duty staff: whom to ring, the calls, who comes, who is late."""

"""`hotline staffing`: how many will call, and how many agents that takes."""

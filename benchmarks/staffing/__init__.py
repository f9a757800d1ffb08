"""`make bench-staffing`: forecasts and surges on public data, beside simple rivals."""

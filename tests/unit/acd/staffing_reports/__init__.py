"""Reports on staffing, made from values alone."""

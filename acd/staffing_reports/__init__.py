"""Reports on staffing: what was foreseen and rostered, beside what came of it."""

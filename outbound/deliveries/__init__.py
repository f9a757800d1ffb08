"""Results on their way to the order system, each delivered at least once."""

"""The emergency plans of a running hotline: foresight, level, moves, recall, neighbours."""

"""The versions of flows: written, checked, published, and published again."""

"""A citizen's orders, as campaigns were told of them."""

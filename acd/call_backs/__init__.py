"""Call-backs (回拨): citizens whom we owe a call are called, at their place in the queue."""

"""The shift desk: today's people, figures and words as its page shows them."""

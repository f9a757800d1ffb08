"""What a citizen's spoken answer means: pure, from words in data files."""

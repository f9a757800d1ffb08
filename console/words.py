"""Marks of sentences that pages say in the reader's language."""


def N_(sentence: str) -> str:
    """Mark a sentence that is translated later, and give it back."""
    return sentence

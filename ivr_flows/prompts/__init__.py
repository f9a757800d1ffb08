"""The sentences: their texts, the files recorded for them, and their synthesis."""

from ivr_flows.prompts.catalogue import Catalogue, PromptError
from ivr_flows.prompts.library import Prompts

__all__ = ["Catalogue", "PromptError", "Prompts"]

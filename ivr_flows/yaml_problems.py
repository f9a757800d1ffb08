"""What the reader of YAML stumbles over, by kind, in words that say how to mend it.

Its own words are English and of its grammar: what nobody meets in a flow stays as it is,
and is told as what it says.
"""

import re
from typing import Final

from ivr_flows.told import Told, told

_KINDS: Final = {
    "expected alphabetic or numeric character": told(
        "the keys '*' and '#' must be written in quotes"
    ),
    r"found character '\\t'": told("indent with spaces, not with tabs"),
    "found character (?P<sign>.+) that cannot start": told(
        "no text begins with %(sign)s; write it in quotes"
    ),
    "mapping values are not allowed": told(
        "a ':' too much, or a wrong indent; text in which ': ' stands is written in quotes"
    ),
    "sequence entries are not allowed": told(
        "no '-' may stand here; a list begins in a line of its own"
    ),
    "mapping keys are not allowed": told("no '?' may stand here; write text in quotes"),
    "could not find expected ':'": told(
        "the ':' after a word is missing, or a wrong indent"
    ),
    "expected <block end>": told(
        "the indent does not fit the lines before, or there is something too much here"
    ),
    r"expected ',' or '(?P<sign>[\]}])'": told(
        "a ',' or the closing '%(sign)s' is missing"
    ),
    "found unexpected end of stream": told("the quotes are not closed"),
    "expected the node content": told("there should be a value here"),
    "found unknown escape character|expected escape sequence": told(
        "there is no such escape after a backslash; use single quotes"
    ),
    "expected chomping|expected indentation indicator|expected a comment": told(
        "nothing else may stand in the line after '|' or '>'"
    ),
    "found unexpected document separator|but found another document|<document start>": told(
        "a flow is one document: a line of '---' or '...', or text after its end, has no place"
    ),
    "found unhashable key": told("the word before ':' is text, no list"),
    "scanning a directive": told("no line begins with a percent sign"),
}


def problem_of(problem: str, context: str) -> Told:
    """The problem of a reader in words of ours, or honestly in its own."""
    said = f"{context}: {problem}"
    for pattern, words in _KINDS.items():
        if found := re.search(pattern, said):
            return words.of(**found.groupdict())
    if problem:
        return told("the reader of YAML says: %(why)s", why=problem)
    return told("is no YAML")

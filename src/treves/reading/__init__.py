"""Reports to claims, and claims to a draft case."""

from treves.reading.reader import Reading, read
from treves.reading.registry import Actor, Registry
from treves.reading.text import Sentence

__all__ = ["Actor", "Reading", "Registry", "Sentence", "read"]

"""treves: from reports of a negotiation to sourced claims, a case, and a forecast that is scored."""

__version__ = "0.1.0"

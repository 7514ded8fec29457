"""treves: from reports of a negotiation to sourced claims, a case and a scored forecast."""

__version__ = "0.1.0"

"""A case drawn many times, settled, and played to its end."""

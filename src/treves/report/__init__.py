"""What treves shows: one summary, rendered for terminal and page."""

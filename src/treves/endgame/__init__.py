"""What happens when the deadline comes."""

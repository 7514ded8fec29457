"""Reports to claims, and claims to a draft case."""

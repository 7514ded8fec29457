"""Who negotiates about what: records, estimates, evidence, checks and edits of a case."""

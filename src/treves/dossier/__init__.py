"""The dossier: everything kept of one or many disputes, append-only, every forecast scored."""

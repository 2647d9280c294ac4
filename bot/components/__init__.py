"""Graph components of the assistant; each module is named in config.yml by its path."""

"""Mutants of our own templates: every protected property weakened in every way a template can say it."""

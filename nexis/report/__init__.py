"""Findings as people and programs read them. A report never decides."""

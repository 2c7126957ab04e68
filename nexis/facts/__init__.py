"""Dated, sourced tables and pure formulas: what every other part of the project derives from.

Standard library only. A fact is stated once, here, with the date on which it was true and the page or
answer it was taken from; rules, constructs, the configuration and the documents read it from here.
"""

"""What a change makes weaker or stronger: two sets of templates, before and after, compared."""

"""How somebody who finds a hole can tell us of it."""

"""What must hold: facts, rules and proofs of the Nexis Network security baseline."""

__version__ = "0.1.0"

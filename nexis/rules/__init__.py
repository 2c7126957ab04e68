"""The rules, one folder a theme: what must hold."""

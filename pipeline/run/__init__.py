"""How a command becomes one or many commits."""

"""The commands of ``player``, one module each; ``player.cli`` puts them together."""

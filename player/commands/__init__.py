"""The commands that cut clips and look after them, one module each; ``player.cli`` holds the others and the group."""

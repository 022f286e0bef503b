"""``python -m player``: the same as the ``player`` command."""

from player.cli import main

if __name__ == "__main__":
    main()

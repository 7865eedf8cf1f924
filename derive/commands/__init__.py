"""The commands, each a function that imports what it needs when it runs."""

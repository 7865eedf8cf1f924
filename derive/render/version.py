"""The version, in one place for pages, keys and the command line."""

from importlib.metadata import version

VERSION = version("derive")
"""The installed version of derive."""

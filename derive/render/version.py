"""The version, in one place for pages, keys, the command line and the package."""

VERSION = "0.1.0"

"""The version, in one place for pages, keys, the command line and the package itself."""

VERSION = "0.1.0"
"""Written here, for asking the installed package costs a tenth of a worksheet's time."""

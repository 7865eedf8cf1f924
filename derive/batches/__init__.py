"""A class's sheets: a folder with a sheet for every member and the keys for the leader."""

from derive.batches.folder import Folder, Manifest, Sheet
from derive.batches.making import check_sheet
from derive.batches.running import Progress, Summary, run
from derive.batches.secrets import make_secret, read_secret, write_secret

__all__ = [
    "Folder",
    "Manifest",
    "Progress",
    "Sheet",
    "Summary",
    "check_sheet",
    "make_secret",
    "read_secret",
    "run",
    "write_secret",
]

"""A class's sheets: a folder with a sheet for every member and the keys for the leader."""

from derive.batches.classes import batch, choose_secret, open_class, open_sheets, quiz
from derive.batches.folder import Folder, Manifest, Sheet
from derive.batches.making import check_sheet
from derive.batches.marking import ClassBook
from derive.batches.running import Progress, Summary, run
from derive.batches.secrets import make_secret, read_secret, secret, write_secret

__all__ = [
    "ClassBook",
    "Folder",
    "Manifest",
    "Progress",
    "Sheet",
    "Summary",
    "batch",
    "check_sheet",
    "choose_secret",
    "make_secret",
    "open_class",
    "open_sheets",
    "quiz",
    "read_secret",
    "run",
    "secret",
    "write_secret",
]

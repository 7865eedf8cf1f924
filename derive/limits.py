"""Every budget in one place: work is refused before it is begun.

Sizes are chosen so that an honest exercise never meets them and that
refusing costs less than a worksheet.
"""

from __future__ import annotations

FILE_BYTES = 2 * 1024 * 1024
"""Largest spec that is read."""

KEY_BYTES = 256 * 1024 * 1024
"""Largest key file; a network of 100,000 weights has one of 50 to 150 MB."""

TABLE_BYTES = 256 * 1024 * 1024
TABLE_LINES = 2_000_000
"""Largest table of answers; its rows wait on disk, so stdin must end, too."""

TEXT_BYTES = 32 * 1024 * 1024
"""Largest text whose lines are read."""

WORKBOOK_BYTES = 32 * 1024 * 1024
WORKBOOK_ROWS, WORKBOOK_COLUMNS = 100_000, 1_000
"""Largest .xlsx workbook, unpacked, and its largest sheet; both are held in memory."""

KEY_PARTS = 32
"""Longest dotted TOML key; tomllib needs quadratic memory for them."""

TITLE_CHARACTERS = 200
SYMBOL_CHARACTERS = 60

NUMBER_DIGITS = 60
"""Longest typed number, and the span 1e-60 to 1e60 of its size."""

DECIMALS = 50

EXPRESSION_CHARACTERS = 4_000
EXPRESSION_TOKENS = 1_000
EXPRESSION_DEPTH = 64

DEFINITIONS = 500
LAYERS = 64
SAMPLES = 1_000
STEPS = 10_000
EPOCHS = 1_000
UNIT_INPUTS = 12
"""Inputs of a perceptron: each is a column of its tables."""

WORK = 5_000_000
"""Products in one run: weights x samples x (steps + 1)."""

PAGE_STEPS = 20_000
"""Steps on one page; a larger net is for `derive key --format json`."""

SLIDE_STEPS = 1_000
"""Steps that are cut into files of their own."""

CERTIFIED_SAMPLES = 64
"""Samples of a perceptron up to which it is decided whether a line separates them."""

COMPLETED = 100_000
"""Ids among which a shell's completion looks."""

DIAGNOSED_STEPS = 500
"""Steps up to which known mistakes are compared on a sheet; each is computed 40 times."""

PRACTICE_BLANKS = 200
"""Blanks of a practice page; each takes about 6 kB of it and 0.1 s."""

PRACTICE_DECIMALS = 16
"""Decimals of one; the numbers of its table grow with them."""

EXACT_BITS = 16_384
"""Longest exact fraction; past it a value is carried as a ball."""

RECENT = 1024
"""Answers, and values of single connections, that are remembered for a moment."""

PRECISION_CEILING = 65_536
"""Highest working precision in bits before the program says it cannot decide."""

PRINTED_MAGNITUDE = 60
"""Digits before the point of a printed number."""

PRINTED_SMALLNESS = 10_000
"""Largest n in m x 10^-n of a printed number."""

SCRIPT_SECONDS = 300
"""Time that PyTorch may take for an exported script before its check is given up."""

PLACES = 4096
"""Places of a map, or steps of a sequence."""

TOKENS = 64
"""Tokens in one attention."""

HEADS = 16
"""Heads of one attention."""

WINDOW_CELLS = 1024
"""Cells of a kernel or of a pooling window."""

TABLE_ROWS = 10_000
"""Rows of an embedding."""

LOCAL_DERIVATIVES = 200_000
"""Local derivatives of a sample."""

VARIANT_CHOICES = 10_000
VARIANT_GRID = 10**9
"""Numbers of a list, and of a grid, that those of variants are drawn from."""

VARIANT_DISTANCE = 10**9
"""Units of the last decimal that may be asked for between answers."""

VARIANT_DRAWS = 2_000
"""Draws for one variant before the ranges are given up."""

VARIANTS = 10_000_000
"""Members of one batch."""

PRINTED_SHEETS = 1_000
"""Sheets in one file for the printer, which is set as a whole."""

QUIZ_SHEETS = 300
"""Sheets of a class from which the questions of one course file are chosen."""

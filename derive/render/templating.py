"""What every template of a format works with: its own delimiters, escaping."""

from __future__ import annotations

from functools import cache

import jinja2

from derive.render.formats import Format
from derive.render.package import templates
from derive.render.safe import PLAIN


@cache
def environment(form: Format) -> jinja2.Environment:
    """Templates of one format: strict, and every text that is not Safe is escaped."""
    loader = jinja2.FileSystemLoader(templates())

    def finalize(value: object) -> object:
        return value if type(value) in PLAIN else form.escape(str(value))

    return jinja2.Environment(  # noqa: S701  the format's own escape function is in finalize
        loader=loader,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )

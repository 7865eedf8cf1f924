"""From a file or a text to a spec; the built-in examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from derive import limits
from derive.algebra.literals import Typed
from derive.errors import SpecError, check_known, excerpt, nearest
from derive.graph import Spec
from derive.spec.conversion import convert
from derive.spec.files import read_regular
from derive.spec.model import KINDS, to_plain
from derive.spec.varying import check_names

UNITS: dict[str, tuple[str, ...]] = {
    "Circuits": ("circuit", "shopping", "max-gate", "sigmoid-gate"),
    "Gradient descent": ("bowl",),
    "One neuron": ("neuron",),
    "Perceptron": ("and-gate", "or-gate", "nand-gate", "xor-gate"),
    "A network by hand": ("two-two-two",),
    "Biases": ("shared-biases", "three-two-one"),
    "Activations": ("smooth", "kinked"),
    "Corners": ("dead-unit",),
    "Softmax and losses": ("yes-or-no", "softmax"),
    "Depth": ("deep", "linear"),
    "Several samples": ("batch",),
    "Matrices": ("matrices",),
    "Optimizers": ("momentum", "adam"),
    "Regularisation": ("weight-decay",),
    "Convolution": ("signal", "windows", "averages", "small-cnn"),
    "Recurrence": ("recurrent", "lstm", "gru"),
    "Words": ("words", "skip-gram", "language-model"),
    "Attention": ("attention", "transformer"),
    "Normalisation and dropout": ("layer-norm", "rms-norm", "batch-norm", "dropout"),
    "Branches": ("residual", "gate"),
}
"""The built-in examples by what they teach, in the order in which a beginner meets them."""
EXAMPLES = tuple(name for names in UNITS.values() for name in names)
KEY_PART = r"""(?:"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'|[\w-]++)"""
LONG_KEY = re.compile(
    rf"(?<![\w\"'-]){KEY_PART}(?:[ \t]*+\.[ \t]*+{KEY_PART}){{{limits.KEY_PARTS}}}"
)
HOME = Path(__file__).resolve().parents[1]
"""The package as it is installed."""
S = TypeVar("S", bound=Spec)


def builtin_names() -> tuple[str, ...]:
    """The built-in examples, in the order in which a beginner meets them."""
    return EXAMPLES


def builtin_units() -> dict[str, tuple[str, ...]]:
    """The built-in examples, grouped by what they teach."""
    return UNITS


def load(source: str | Path) -> Spec:
    """Read a spec by built-in name or from a TOML file.

    A built-in name wins; `./name` is a path. Raises SpecError with the place.
    """
    if isinstance(source, str) and source in EXAMPLES:
        return loads(read_example(source))
    return loads(read_text(Path(source)))


def example_path(name: str) -> Path:
    """Where a built-in example stands."""
    return HOME / "examples" / f"{name}.toml"


def read_example(name: str) -> str:
    """The text of a built-in example; raises SpecError for an unknown name."""
    check_known("--like", "exercise", name, EXAMPLES)
    return example_path(name).read_text("utf-8")


def template(kind: str) -> str:
    """A commented spec to start from; raises SpecError for an unknown kind."""
    check_known("--kind", "kind", kind, KINDS)
    return example_path(f"new-{kind}").read_text("utf-8")


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file; raises SpecError for anything else."""
    data = read_regular(
        path,
        limits.FILE_BYTES,
        "the TOML file",
        smaller="a spec is a small file",
        missing=f"no such file{nearest(str(path), EXAMPLES)} (see: derive list)",
    )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError("", f"byte {error.start + 1} is not UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise SpecError("", "holds NUL characters; save it as UTF-8 text")
    return text


def loads(text: str) -> Spec:
    """The spec in a TOML text; raises SpecError with the place, counted from 1."""
    return check_names(convert(_toml(text), numbers_as_text=False))


def from_plain(plain: object) -> Spec:
    """The spec in a key's JSON data, where numbers are typed strings."""
    if not isinstance(plain, dict):
        raise SpecError("spec", "expected a table")
    return check_names(convert(plain, numbers_as_text=True))


def override(spec: S, changes: Mapping[str, object]) -> S:
    """The spec with keys from the command line put in and checked again."""
    given = {key: value for key, value in changes.items() if value is not None}
    if not given:
        return spec
    for key in given:
        if key not in spec.__struct_fields__:
            raise SpecError(key, f"unknown key{nearest(key, spec.__struct_fields__)}")
    plain = to_plain(spec) | given
    changed = convert(plain, numbers_as_text=True)
    assert isinstance(changed, type(spec))
    return changed


def _toml(text: str) -> dict[str, Any]:
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise SpecError("", "holds half of a character pair; type it again")
    if len(text.encode()) > limits.FILE_BYTES:
        raise SpecError("", f"larger than {limits.FILE_BYTES} bytes; a spec is a small text")
    if LONG_KEY.search(text):
        raise SpecError("", f"a key of more than {limits.KEY_PARTS} parts; no spec has one")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Typed)
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {text.count(chr(10)) + 1}"
        problem = str(error).replace("at end of document", end)
        raise SpecError("", f"not valid TOML: {excerpt(problem, 160)}") from None
    except ValueError as error:
        raise SpecError("", f"a number that is too long ({excerpt(str(error), 60)})") from None
    except RecursionError:
        raise SpecError("", "brackets nested too deeply; no spec needs that") from None

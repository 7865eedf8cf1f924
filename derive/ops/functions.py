"""Functions of the grammar, each with its taught slope.

`definition` and `slopes` are texts in the row's own parameters; `y` in a slope
is the function's output. `cases(s, n, z, p)` chooses by the sign of s; `kink`
is the same where the middle value is a convention. Conventions at a kink are
those measured in PyTorch: relu'(0) = 0, leaky_relu'(0) = its slope,
elu'(0) = a, abs'(0) = 0, the same share to each of those that tie in max or min.
"""

from __future__ import annotations

from derive.ops.rows import Function, ProofLine


def _primitive(name: str, slope: str, tex: str = "") -> Function:
    python = "log" if name == "ln" else name
    return Function(
        name, ("z",), None, (slope,), tex=tex or f"\\{name}", torch=f"torch.{python}({{0}})"
    )


SIGMOID = Function(
    "sigmoid",
    ("z",),
    "1/(1+exp(-z))",
    ("y*(1-y)",),
    proof=(
        ProofLine("split", "1/(1+exp(-z))*(exp(-z)/(1+exp(-z)))"),
        ProofLine("add_and_subtract", "1/(1+exp(-z))*((1+exp(-z)-1)/(1+exp(-z)))"),
        ProofLine("divide", "1/(1+exp(-z))*(1-1/(1+exp(-z)))"),
        ProofLine("name_output", "y*(1-y)"),
    ),
    tex="\\sigma",
    torch="torch.sigmoid({0})",
    module="nn.Sigmoid()",
    bounds=("0", "1"),
    bound=(
        ProofLine("", "y*(1-y)"),
        ProofLine("multiply_out", "y-y^2"),
        ProofLine("square", "1/4-(1/2-y)^2"),
    ),
    most="most_sigmoid",
)

TANH = Function(
    "tanh",
    ("z",),
    "(exp(z)-exp(-z))/(exp(z)+exp(-z))",
    ("1-y^2",),
    proof=(
        ProofLine("squares", "((exp(z)+exp(-z))^2-(exp(z)-exp(-z))^2)/(exp(z)+exp(-z))^2"),
        ProofLine("divide", "1-((exp(z)-exp(-z))/(exp(z)+exp(-z)))^2"),
        ProofLine("name_output", "1-y^2"),
    ),
    tex="\\tanh",
    torch="torch.tanh({0})",
    module="nn.Tanh()",
    bounds=("-1", "1"),
    identity=(
        ProofLine("over_exp", "(1-exp(-2*z))/(1+exp(-2*z))"),
        ProofLine("add_and_subtract", "(2-(1+exp(-2*z)))/(1+exp(-2*z))"),
        ProofLine("divide", "2/(1+exp(-2*z))-1"),
        ProofLine("name_sigmoid", "2*sigmoid(2*z)-1"),
    ),
    most="most_tanh",
    narrow="1-2/(exp(2*z)+1)",
    misnamed="told_tanh",
)

COSH = Function(
    "cosh",
    ("z",),
    "(exp(z)+exp(-z))/2",
    ("tanh(z)*y",),
    proof=(
        ProofLine("expand_fraction", "(exp(z)-exp(-z))/(exp(z)+exp(-z))*((exp(z)+exp(-z))/2)"),
        ProofLine("name_output", "(exp(z)-exp(-z))/(exp(z)+exp(-z))*y"),
        ProofLine("name_tanh", "tanh(z)*y"),
    ),
    tex="\\cosh",
    torch="torch.cosh({0})",
)

SOFTPLUS = Function(
    "softplus",
    ("z",),
    "log(1+exp(z))",
    ("sigmoid(z)",),
    proof=(
        ProofLine("divide", "1/(1+exp(-z))"),
        ProofLine("name_sigmoid", "sigmoid(z)"),
    ),
    tex="\\operatorname{softplus}",
    # the default threshold of 20 is off by 2e-9
    torch="nn.functional.softplus({0}, threshold=40)",
    module="nn.Softplus(threshold=40)",
    bounds=("0", None),
    most="most_softplus",
)

SILU = Function(
    "silu",
    ("z",),
    "z*sigmoid(z)",
    ("sigmoid(z)+z*sigmoid(z)*(1-sigmoid(z))",),
    tex="\\operatorname{silu}",
    torch="nn.functional.silu({0})",
    module="nn.SiLU()",
    most="most_silu",
)

NORMAL_CDF = Function(
    "normal_cdf",
    ("z",),
    None,
    ("normal_pdf(z)",),
    tex="\\Phi",
    torch="torch.special.ndtr({0})",
    meaning="normal_cdf",
)

NORMAL_PDF = Function(
    "normal_pdf",
    ("z",),
    None,
    ("-z*y",),
    tex="\\varphi",
    # 1 over the square root of 2 pi
    torch="((-0.5 * ({0}) ** 2).exp() * 0.3989422804014327)",
    meaning="normal_pdf",
)

GELU = Function(
    "gelu",
    ("z",),
    "z*normal_cdf(z)",
    ("normal_cdf(z)+z*normal_pdf(z)",),
    tex="\\operatorname{gelu}",
    torch="nn.functional.gelu({0})",
    module="nn.GELU()",
    most="most_gelu",
)

ELU = Function(
    "elu",
    ("z", "a"),
    "cases(z,a*(exp(z)-1),0,z)",
    ("kink(z,y+a,a,1)", "cases(z,exp(z)-1,0,0)"),
    proof=(
        ProofLine("add_and_subtract_a", "kink(z,a*(exp(z)-1)+a,a,1)"),
        ProofLine("name_output", "kink(z,y+a,a,1)"),
    ),
    defaults=("1",),
    tex="\\operatorname{elu}",
    # elu of PyTorch takes no tensor for its constant
    torch="(lambda z, a: torch.where(z > 0, z, a * z.clamp(max=0).expm1()))({0}, {1})",
    module="nn.ELU({alpha})",
    key="alpha",
    corner="kink_elu",
    most="most_elu",
)

STEP = Function(
    "step",
    ("z", "a", "l"),
    "cases(z,l,a,1)",
    ("kink(z,0,0,0)", "cases(z,0,1,0)", "cases(z,1,0,0)"),
    defaults=("1", "0"),
    tex="\\operatorname{step}",
    torch=(
        "(lambda z, a, l: torch.where(z > 0, torch.ones_like(z), torch.where(z < 0, l, a)))"
        "({0}, {1}, {2})"
    ),
    corner="jump",
    conventions=2,
)
"""1 above 0, `l` below, `a` at 0; it jumps, so nothing is learned through its slope."""

FUNCTIONS: dict[str, Function] = {
    row.name: row
    for row in (
        _primitive("exp", "y"),
        _primitive("log", "1/z", tex="\\ln"),
        _primitive("ln", "1/z"),
        _primitive("sqrt", "1/(2*y)"),
        _primitive("sin", "cos(z)"),
        _primitive("cos", "-sin(z)"),
        Function(
            "abs",
            ("z",),
            "cases(z,-z,0,z)",
            ("kink(z,-1,0,1)",),
            tex="\\operatorname{abs}",
            torch="torch.abs({0})",
        ),
        Function(
            "max",
            ("u", "v"),
            "cases(u-v,v,u,u)",
            ("kink(u-v,0,1/2,1)", "kink(u-v,1,1/2,0)"),
            tex="\\max",
            torch="torch.maximum({0}, {1})",
            extreme=True,
        ),
        Function(
            "min",
            ("u", "v"),
            "cases(u-v,u,u,v)",
            ("kink(u-v,1,1/2,0)", "kink(u-v,0,1/2,1)"),
            tex="\\min",
            torch="torch.minimum({0}, {1})",
            extreme=True,
        ),
        COSH,
        NORMAL_CDF,
        NORMAL_PDF,
        SIGMOID,
        TANH,
        Function(
            "relu",
            ("z",),
            "cases(z,0,0,z)",
            ("kink(z,0,0,1)",),
            tex="\\operatorname{relu}",
            torch="torch.relu({0})",
            module="nn.ReLU()",
            bounds=("0", None),
            most="most_relu",
            misnamed="told_relu",
        ),
        Function(
            "leaky_relu",
            ("z", "a"),
            "cases(z,a*z,0,z)",
            ("kink(z,a,a,1)", "kink(z,z,0,0)"),
            defaults=("0.01",),
            tex="\\operatorname{leaky\\_relu}",
            torch="nn.functional.prelu({0}, {1})",
            module="nn.LeakyReLU({slope})",
            key="slope",
            most="most_leaky_relu",
            misnamed="told_leaky_relu",
        ),
        ELU,
        SOFTPLUS,
        SILU,
        GELU,
        STEP,
    )
}
"""Every function of the grammar by its name."""

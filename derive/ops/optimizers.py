"""Optimizers: what is kept beside a parameter, and how the parameter moves.

A row is text in our grammar, in the names `w` (old parameter), `g` (its
gradient), `t` (the number of the update, from 1), the letters of the row's own
tracks (old states), the same with `+` (new ones), and the ids of given
numbers. Forms and defaults are those of PyTorch; epsilon stands outside the root.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.ops.rows import ProofLine


@dataclass(frozen=True, slots=True)
class Setting:
    """A given number of an optimizer: its id, which is its key, and the default.

    `share` says that it is a share of what was before, from 0 to below 1; any
    other setting is 0 or more.
    """

    key: str
    default: str
    share: bool = True


@dataclass(frozen=True, slots=True)
class Track:
    """A number found anew for each parameter at each update.

    A track that is `kept` is a state: it starts at 0 and its old number goes
    into the new one. `torch` is Python that reads it from the optimizer, in
    `{state}`, the parameter's own dictionary, `{rate}`, the settings and the
    number `{t}` of the update.
    """

    letter: str
    formula: str
    torch: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A state after `count` updates: its formula, and the same in the gradients alone.

    Gradients are `g_1`, `g_2`, ... in the order of the updates.
    """

    letter: str
    count: int
    text: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """An optimizer: its settings, its tracks in order, the new parameter.

    `convention` tells two forms of the same method apart. `torch` is the call
    that makes it in torch.optim. `words` and `meaning` are keys of the wording:
    what the method does, and what is seen where its first state is `unrolled`.
    """

    name: str
    settings: tuple[Setting, ...]
    tracks: tuple[Track, ...]
    update: str
    torch: str
    words: str
    meaning: str
    unrolled: tuple[Unrolled, ...]
    convention: str = ""


PLAIN = "gradient_descent"
"""The method without a table of its own: no settings, no tracks."""
MU = Setting("momentum", "0.9")
AVERAGES = (
    Track("m", "beta1*m+(1-beta1)*g", '{state}["exp_avg"]'),
    Track("v", "beta2*v+(1-beta2)*g^2", '{state}["exp_avg_sq"]'),
    Track("mhat", "{m+}/(1-beta1^t)", '{state}["exp_avg"] / (1 - {beta1} ** {t})', kept=False),
    Track("vhat", "{v+}/(1-beta2^t)", '{state}["exp_avg_sq"] / (1 - {beta2} ** {t})', kept=False),
)
BETAS = (Setting("beta1", "0.9"), Setting("beta2", "0.999"))
SMALL = Setting("epsilon", "1e-8", share=False)
SUMS = (
    Unrolled("v", 1, "g_1"),
    Unrolled("v", 2, "momentum*v_1+g_2", "momentum*g_1+g_2"),
    Unrolled("v", 3, "momentum*v_2+g_3", "momentum^2*g_1+momentum*g_2+g_3"),
)
STEPS = (
    Unrolled("v", 1, "-learning_rate*g_1"),
    Unrolled("v", 2, "momentum*v_1-learning_rate*g_2", "-learning_rate*(momentum*g_1+g_2)"),
    Unrolled(
        "v",
        3,
        "momentum*v_2-learning_rate*g_3",
        "-learning_rate*(momentum^2*g_1+momentum*g_2+g_3)",
    ),
)
SQUARES = (
    Unrolled("s", 1, "g_1^2"),
    Unrolled("s", 2, "s_1+g_2^2", "g_1^2+g_2^2"),
    Unrolled("s", 3, "s_2+g_3^2", "g_1^2+g_2^2+g_3^2"),
)
FADING_SQUARES = (
    Unrolled("s", 1, "(1-decay)*g_1^2"),
    Unrolled("s", 2, "decay*s_1+(1-decay)*g_2^2", "(1-decay)*(decay*g_1^2+g_2^2)"),
    Unrolled("s", 3, "decay*s_2+(1-decay)*g_3^2", "(1-decay)*(decay^2*g_1^2+decay*g_2^2+g_3^2)"),
)
FADING = (
    Unrolled("m", 1, "(1-beta1)*g_1"),
    Unrolled("m", 2, "beta1*m_1+(1-beta1)*g_2", "(1-beta1)*(beta1*g_1+g_2)"),
    Unrolled("m", 3, "beta1*m_2+(1-beta1)*g_3", "(1-beta1)*(beta1^2*g_1+beta1*g_2+g_3)"),
)
MEANS = (
    ProofLine("", "beta1*(1-beta1^(t-1))+(1-beta1)"),
    ProofLine("multiply_in", "beta1-beta1^t+1-beta1"),
    ProofLine("cancel", "1-beta1^t"),
)
"""The weights of all gradients in `m`, added: from t - 1 updates to t."""
VELOCITY = Track("v", "momentum*v+g", '{state}["momentum_buffer"]')

METHODS: dict[tuple[str, str], Method] = {
    (row.name, row.convention): row
    for row in (
        Method(
            "momentum",
            (MU,),
            (VELOCITY,),
            "w-learning_rate*{v+}",
            "SGD({parameters}, lr={rate}, momentum={momentum})",
            convention="velocity",
            words="say.optimizer_momentum_velocity",
            meaning="older_powers",
            unrolled=SUMS,
        ),
        Method(
            "momentum",
            (MU,),
            (Track("v", "momentum*v-learning_rate*g", '-{rate} * {state}["momentum_buffer"]'),),
            "w+{v+}",
            "SGD({parameters}, lr={rate}, momentum={momentum})",
            convention="step",
            words="say.optimizer_momentum_step",
            meaning="older_powers",
            unrolled=STEPS,
        ),
        Method(
            "nesterov",
            (MU,),
            (VELOCITY,),
            "w-learning_rate*(g+momentum*{v+})",
            "SGD({parameters}, lr={rate}, momentum={momentum}, nesterov=True)",
            words="say.optimizer_nesterov",
            meaning="older_powers",
            unrolled=SUMS,
        ),
        Method(
            "adagrad",
            (Setting("epsilon", "1e-10", share=False),),
            (Track("s", "s+g^2", '{state}["sum"]'),),
            "w-learning_rate*(g/(sqrt({s+})+epsilon))",
            "Adagrad({parameters}, lr={rate}, eps={epsilon})",
            words="say.optimizer_adagrad",
            meaning="older_alike",
            unrolled=SQUARES,
        ),
        Method(
            "rmsprop",
            (Setting("decay", "0.99"), SMALL),
            (Track("s", "decay*s+(1-decay)*g^2", '{state}["square_avg"]'),),
            "w-learning_rate*(g/(sqrt({s+})+epsilon))",
            "RMSprop({parameters}, lr={rate}, alpha={decay}, eps={epsilon})",
            words="say.optimizer_rmsprop",
            meaning="older_fade",
            unrolled=FADING_SQUARES,
        ),
        Method(
            "adam",
            (*BETAS, SMALL),
            AVERAGES,
            "w-learning_rate*({mhat+}/(sqrt({vhat+})+epsilon))",
            "Adam({parameters}, lr={rate}, betas=({beta1}, {beta2}), eps={epsilon})",
            words="say.optimizer_adam",
            meaning="older_fade",
            unrolled=FADING,
        ),
        Method(
            "adamw",
            (*BETAS, SMALL, Setting("weight_decay", "0.01", share=False)),
            AVERAGES,
            "(1-learning_rate*weight_decay)*w-learning_rate*({mhat+}/(sqrt({vhat+})+epsilon))",
            "AdamW({parameters}, lr={rate}, betas=({beta1}, {beta2}), eps={epsilon}, "
            "weight_decay={weight_decay})",
            words="say.optimizer_adamw",
            meaning="older_fade",
            unrolled=FADING,
        ),
    )
}
"""Every method by its name and its convention."""
OPTIMIZERS = (PLAIN, *dict.fromkeys(name for name, _ in METHODS))
"""The names a spec uses."""
CONVENTIONS = {
    name: tuple(c for other, c in METHODS if other == name and c) for name in OPTIMIZERS
}
"""The conventions of each name, the default first; none where there is one form only."""
SETTINGS = tuple(dict.fromkeys(s.key for row in METHODS.values() for s in row.settings))
"""Every key that some method has."""
LETTERS = tuple(dict.fromkeys(t.letter for row in METHODS.values() for t in row.tracks))
"""Every letter of a track."""

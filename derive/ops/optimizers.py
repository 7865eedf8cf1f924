"""Optimizers: what is kept beside a parameter, and how the parameter moves.

A row is text in our grammar, in the names `w` (old parameter), `g` (its
gradient), `t` (the number of the update, from 1), the letters of the row's own
tracks (old states), the same with `+` (new ones), and the ids of given
numbers. Forms and defaults are those of PyTorch; epsilon stands outside the root.
"""

from __future__ import annotations

from dataclasses import dataclass


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
class Method:
    """An optimizer: its settings, its tracks in order, the new parameter.

    `convention` tells two forms of the same method apart. `torch` are the class
    of torch.optim and its arguments after the rate.
    """

    name: str
    settings: tuple[Setting, ...]
    tracks: tuple[Track, ...]
    update: str
    torch: str
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
            "velocity",
        ),
        Method(
            "momentum",
            (MU,),
            (Track("v", "momentum*v-learning_rate*g", '-{rate} * {state}["momentum_buffer"]'),),
            "w+{v+}",
            "SGD({parameters}, lr={rate}, momentum={momentum})",
            "step",
        ),
        Method(
            "nesterov",
            (MU,),
            (VELOCITY,),
            "w-learning_rate*(g+momentum*{v+})",
            "SGD({parameters}, lr={rate}, momentum={momentum}, nesterov=True)",
        ),
        Method(
            "adagrad",
            (Setting("epsilon", "1e-10", share=False),),
            (Track("s", "s+g^2", '{state}["sum"]'),),
            "w-learning_rate*(g/(sqrt({s+})+epsilon))",
            "Adagrad({parameters}, lr={rate}, eps={epsilon})",
        ),
        Method(
            "rmsprop",
            (Setting("decay", "0.99"), SMALL),
            (Track("s", "decay*s+(1-decay)*g^2", '{state}["square_avg"]'),),
            "w-learning_rate*(g/(sqrt({s+})+epsilon))",
            "RMSprop({parameters}, lr={rate}, alpha={decay}, eps={epsilon})",
        ),
        Method(
            "adam",
            (*BETAS, SMALL),
            AVERAGES,
            "w-learning_rate*({mhat+}/(sqrt({vhat+})+epsilon))",
            "Adam({parameters}, lr={rate}, betas=({beta1}, {beta2}), eps={epsilon})",
        ),
        Method(
            "adamw",
            (*BETAS, SMALL, Setting("weight_decay", "0.01", share=False)),
            AVERAGES,
            "(1-learning_rate*weight_decay)*w-learning_rate*({mhat+}/(sqrt({vhat+})+epsilon))",
            "AdamW({parameters}, lr={rate}, betas=({beta1}, {beta2}), eps={epsilon}, "
            "weight_decay={weight_decay})",
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

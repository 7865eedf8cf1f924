"""Exercises of one layer type each, of random shape and random numbers."""

from __future__ import annotations

import json
from random import Random

HEAD = 'learning_rate = 0.{rate}\ninput = "{kind}"\n'
GATES = {"lstm": "ifco", "gru": "run"}
BLOCKS = ("layer_norm", "rms_norm")


def draw(seed, kind):
    """The text of an exercise whose layer in question is of type `kind`."""
    return Drawn(Random(f"{kind} {seed}")).write(kind)  # noqa: S311  reproducible


class Drawn:
    """Numbers of two decimals, no two of them alike, so that nothing ties."""

    def __init__(self, random):
        self.random = random
        pool = [f"{sign}{n // 100}.{n % 100:02}" for n in range(3, 160) for sign in ("", "-")]
        random.shuffle(pool)
        self.pool = pool

    def number(self):
        if not self.pool:
            return f"0.{self.random.randrange(1000, 10_000)}"
        return self.pool.pop()

    def nest(self, *sizes):
        if not sizes:
            return self.number()
        return f"[{', '.join(self.nest(*sizes[1:]) for _ in range(sizes[0]))}]"

    def one(self, *values):
        return self.random.choice(values)

    def size(self, most=3):
        return self.random.randint(1, most)

    def maybe(self, key, *sizes):
        return f", {key}={self.nest(*sizes)}" if self.random.random() < 0.6 else ""

    def write(self, kind):
        samples = self.one(1, 1, 2)
        shape, given, layers, units, *steps = getattr(self, f"_{kind}")()
        inputs = f"[{', '.join(given() for _ in range(samples))}]"
        targets = self.nest(samples, *steps, units)
        lists = [f"inputs = {inputs}", f"targets = {targets}", f"layers = [{', '.join(layers)}]"]
        return HEAD.format(rate=self.one(1, 3, 5), kind=shape) + "\n".join(lists) + "\n"

    def _windows(self, axes, kernel):
        """Numbers by axis for a window that fits, as keys, and the size that it needs."""
        dilation, stride = self.one(1, 1, 2), self.one(1, 2)
        padding = self.one(0, 0, 1) if min(kernel) > 1 else 0
        keys = f", stride={stride}, padding={padding}"
        extents = [dilation * (k - 1) + 1 for k in kernel]
        sizes = [max(1, e - 2 * padding) + self.random.randrange(3) for e in extents]
        return keys, dilation, sizes[:axes]

    def _convolution(self, axes):
        kernel = [self.size(3 if axes == 1 else 2) for _ in range(axes)]
        keys, dilation, sizes = self._windows(axes, kernel)
        maps, channels = self.size(2), self.size(2)
        flip = self.one("", "", ", flip=true")
        text = (
            f'{{type="conv{axes}d", kernels={self.nest(maps, channels, *kernel)}'
            f"{self.maybe('biases', maps)}{keys}, dilation={dilation}{flip}, "
            f'activation="{self.one("tanh", "sigmoid", "softplus")}"}}'
        )
        shape = "signal" if axes == 1 else "image"
        return shape, lambda: self.nest(channels, *sizes), [text], maps

    def _conv1d(self):
        shape, given, layers, maps = self._convolution(1)
        return shape, given, [*layers, '{type="global_avg_pool"}'], maps

    def _conv2d(self):
        shape, given, layers, maps = self._convolution(2)
        return shape, given, [*layers, '{type="global_avg_pool"}'], maps

    def _pool(self, more):
        axes = self.one(1, 2)
        window = [self.random.randint(1, 3) for _ in range(axes)]
        keys, dilation, sizes = self._windows(axes, window)
        if more == "max_pool":
            keys += f", dilation={dilation}"
        else:
            keys += f", count_padding={self.one('true', 'false')}"
            sizes = [max(s, k) for s, k in zip(sizes, window, strict=True)]
        channels = self.size(2)
        first = f"[{', '.join(map(str, window))}]"
        text = f'{{type="{more}", size={first}{keys}, partial={self.one("true", "false")}}}'
        shape = "signal" if axes == 1 else "image"
        conv = (
            f'{{type="conv{axes}d", kernels={self.nest(channels, channels, *[1] * axes)}, '
            f'activation="tanh"}}'
        )
        layers = [conv, text, '{type="global_avg_pool"}']
        return shape, lambda: self.nest(channels, *sizes), layers, channels

    def _max_pool(self):
        return self._pool("max_pool")

    def _avg_pool(self):
        return self._pool("avg_pool")

    def _global_max_pool(self):
        shape, given, layers, maps = self._convolution(self.one(1, 2))
        return shape, given, [*layers, '{type="global_max_pool"}'], maps

    def _global_avg_pool(self):
        steps, units, out = self.size(4), self.size(), self.size(2)
        layers = ['{type="global_avg_pool"}', self._dense(units, out)]
        return "sequence", lambda: self.nest(steps, units), layers, out

    def _flatten(self):
        sizes, out = [self.size(2) for _ in range(3)], self.size(2)
        count = sizes[0] * sizes[1] * sizes[2]
        layers = ['{type="flatten"}', self._dense(count, out)]
        return "image", lambda: self.nest(*sizes), layers, out

    def _dense(self, taken, units, activation=""):
        activation = activation or self.one("identity", "tanh", "sigmoid")
        biases = self.maybe("biases", units)
        return f'{{weights={self.nest(units, taken)}{biases}, activation="{activation}"}}'

    def _recurrence(self, kind):
        """Steps, features, units, and the keys that every recurrent layer has."""
        steps, taken, units = self.random.randint(1, 4), self.size(2), self.size(2)
        outputs = self.one("all", "last")
        keys = f'type="{kind}", outputs="{outputs}"{self.maybe("initial", units)}'
        if self.random.random() < 0.3:
            keys += f", truncate={self.random.randint(1, steps)}"
        return steps, taken, units, outputs, keys

    def _after(self, steps, taken, units, outputs, text):
        extent = (units,) if outputs == "last" else (steps, units)
        layers = [text, self._dense(units, units)]
        return "sequence", lambda: self.nest(steps, taken), layers, units, *extent[:-1]

    def _rnn(self):
        steps, taken, units, outputs, keys = self._recurrence("rnn")
        text = (
            f"{{{keys}, weights={self.nest(units, taken)}, "
            f"recurrent_weights={self.nest(units, units)}{self.maybe('biases', units)}"
            f'{self.maybe("recurrent_biases", units)}, activation="{self.one("tanh", "relu")}"}}'
        )
        return self._after(steps, taken, units, outputs, text)

    def _gated(self, kind):
        steps, taken, units, outputs, keys = self._recurrence(kind)

        def gates(*sizes):
            return f"{{{', '.join(f'{gate}={self.nest(*sizes)}' for gate in GATES[kind])}}}"

        if kind == "lstm":
            keys += self.maybe("initial_cell", units)
        else:
            keys += f', reset="{self.one("after", "before")}"'
            keys += f', update="{self.one("keep", "replace")}"'
        text = (
            f"{{{keys}, weights={gates(units, taken)}, recurrent_weights={gates(units, units)}, "
            f"biases={gates(units)}{self.one('', f', recurrent_biases={gates(units)}')}}}"
        )
        return self._after(steps, taken, units, outputs, text)

    def _lstm(self):
        return self._gated("lstm")

    def _gru(self):
        return self._gated("gru")

    def _embedding(self):
        rows, units, steps = self.random.randint(2, 4), self.size(), self.random.randint(1, 4)
        words = [f"w{n}" for n in range(rows)]
        table = (
            f'{{type="embedding", vocabulary={json.dumps(words)}, table={self.nest(rows, units)}}}'
        )
        out = self.size(2)

        def given():
            return json.dumps([self.random.choice(words) for _ in range(steps)])

        layers = [table, '{type="global_avg_pool"}', self._dense(units, out)]
        return "tokens", given, layers, out

    def _attention(self):
        steps, taken, heads = self.random.randint(1, 3), self.size(2), self.one(1, 1, 2)
        wide, deep = heads * self.size(2), heads * self.size(2)
        mask, scale = self.one("none", "causal"), self.one("true", "false")
        text = (
            f'{{type="attention", heads={heads}, mask="{mask}", scale={scale}, '
            f"query_weights={self.nest(wide, taken)}, key_weights={self.nest(wide, taken)}, "
            f"value_weights={self.nest(deep, taken)}{self.maybe('query_biases', wide)}"
            f"{self.maybe('key_biases', wide)}{self.maybe('value_biases', deep)}}}"
        )
        return "sequence", lambda: self.nest(steps, taken), [text], deep, steps

    def _norm(self, kind):
        taken, units = self.size(2), self.random.randint(2, 4)
        keys = f'type="{kind}"{self.maybe("gain", units)}{self.one("", ", eps=0.001")}'
        if kind != "rms_norm":
            keys += self.maybe("shift", units)
        layers = [self._dense(taken, units), f"{{{keys}}}"]
        return "vector", lambda: self.nest(taken), layers, units

    def _layer_norm(self):
        return self._norm("layer_norm")

    def _rms_norm(self):
        return self._norm("rms_norm")

    def _batch_norm(self):
        return self._norm("batch_norm")

    def _dropout(self):
        taken, units, out = self.size(2), self.random.randint(1, 4), self.size(2)
        mask = [self.one(0, 1, 1) for _ in range(units)]
        drop = f'{{type="dropout", rate={self.one("0.5", "0.25", "0.1")}, mask={mask}}}'
        layers = [self._dense(taken, units), drop, self._dense(units, out)]
        return "vector", lambda: self.nest(taken), layers, out

    def _joined(self, kind):
        taken, units, out = self.size(2), self.size(2), self.size(2)
        count = self.random.randint(2, 3)
        named = [
            self._dense(taken, units).replace("{", f'{{name="n{n}", from="input", ', 1)
            for n in range(count)
        ]
        names = json.dumps([f"n{n}" for n in range(count)])
        wide = units * count if kind == "concat" else units
        layers = [*named, f'{{type="{kind}", from={names}}}', self._dense(wide, out)]
        return "vector", lambda: self.nest(taken), layers, out

    def _add(self):
        return self._joined("add")

    def _multiply(self):
        return self._joined("multiply")

    def _concat(self):
        return self._joined("concat")

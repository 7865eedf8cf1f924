"""Layers of PyTorch with places, read into specs: the numbers are those of the model itself."""

from __future__ import annotations

import importlib.util
import os

import pytest

import derive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("torch") is None and not os.environ.get("CI"),
        reason="PyTorch is not installed",
    ),
]


def models():
    import torch
    from torch import nn

    torch.manual_seed(0)
    draw = torch.randn
    yield (
        "image",
        nn.Sequential(
            nn.Conv2d(1, 2, 2, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(8, 2),
        ),
        draw(1, 1, 4, 3),
    )
    yield "strides", nn.Sequential(
        nn.Conv2d(2, 1, (2, 1), stride=(1, 2), bias=False), nn.Tanh(),
        nn.AvgPool2d(2, stride=1, padding=1, count_include_pad=False), nn.Flatten(),
        nn.Linear(9, 2),
    ), draw(2, 2, 3, 4)  # fmt: skip
    yield "signal", nn.Sequential(
        nn.Conv1d(1, 2, 2, dilation=2), nn.BatchNorm1d(2), nn.Sigmoid(),
        nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(2, 1),
    ), draw(2, 1, 6)  # fmt: skip
    yield "norm", nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 2)), draw(2, 3)


def own_stack(kind):
    import torch
    from torch import nn

    torch.manual_seed(1)
    return getattr(nn, kind)(2, 2, num_layers=2, batch_first=True), torch.randn(1, 3, 2)


@pytest.mark.parametrize("at", range(4))
def test_a_model_has_the_loss_and_gradients_of_its_spec(at):
    import torch

    name, model, inputs = list(models())[at]
    model = model.double()
    inputs = inputs.double()
    targets = torch.ones(len(inputs), model[-1].out_features, dtype=torch.float64) / 2
    spec = derive.from_torch(model, inputs, targets, torch.nn.MSELoss(), learning_rate="0.1")
    loss = torch.nn.MSELoss()(model(inputs), targets)
    loss.backward()
    numbers = derive.sheet(spec).numbers
    assert float(numbers.shown("E_total").text) == pytest.approx(loss.item(), abs=1e-8)
    parameters = derive.sheet(spec).graph.parameters
    found = sorted(float(numbers.shown(f"dE_total/d{p}").text) for p in parameters)
    wanted = sorted(g for p in model.parameters() for g in p.grad.flatten().tolist())
    assert found == pytest.approx(wanted, abs=1e-7), name


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_recurrent_stack_becomes_a_layer_for_each(kind):
    import torch

    module, inputs = own_stack(kind)
    module, inputs = module.double(), inputs.double()
    targets = torch.zeros(1, 3, 2, dtype=torch.float64)
    spec = derive.from_torch([module], inputs, targets, "half_squared_error", steps=0)
    assert [layer.type for layer in spec.layers] == [kind.lower()] * 2
    outputs, _ = module(inputs)
    (outputs**2 / 2).sum().backward()
    numbers = derive.sheet(spec).numbers
    shown = [float(numbers.shown(f"o{u}_t{t}").text) for t in (1, 2, 3) for u in (1, 2)]
    assert shown == pytest.approx(outputs.flatten().tolist(), abs=1e-8)
    graph = derive.sheet(spec).graph
    names = [q.id for q in graph.of_role("parameter")]
    found = sorted(float(numbers.shown(f"dE_total/d{name}").text) for name in names)
    wanted = sorted(g for p in module.parameters() for g in p.grad.flatten().tolist())
    assert found == pytest.approx(wanted, abs=1e-7)


def test_attention_and_its_projection_are_two_layers():
    import torch
    from torch import nn

    torch.manual_seed(2)
    module = nn.MultiheadAttention(4, 2, batch_first=True).double()
    inputs = torch.randn(1, 3, 4).double()
    targets = torch.zeros(1, 3, 4).double()
    spec = derive.from_torch([module], inputs, targets, "half_squared_error", steps=0)
    outputs, _ = module(inputs, inputs, inputs)
    numbers = derive.sheet(spec).numbers
    shown = [float(numbers.shown(f"o{u}_t{t}").text) for t in (1, 2, 3) for u in (1, 2, 3, 4)]
    assert shown == pytest.approx(outputs.flatten().tolist(), abs=1e-8)


def test_tokens_count_from_0_there_and_from_1_here():
    import torch
    from torch import nn

    torch.manual_seed(3)
    model = nn.Sequential(nn.Embedding(3, 2), nn.Linear(2, 1)).double()
    tokens = torch.tensor([[2, 0]])
    spec = derive.from_torch(model, tokens, torch.zeros(1, 2, 1), "squared_error", steps=0)
    assert spec.inputs == ((3, 1),)
    numbers = derive.sheet(spec).numbers
    shown = [float(numbers.shown(f"o1_t{t}").text) for t in (1, 2)]
    assert shown == pytest.approx(model(tokens).flatten().tolist(), abs=1e-8)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda nn: nn.Conv2d(2, 2, 1, groups=2),
            r"model\[0\]: Conv2d: groups=2 has no",
        ),
        (
            lambda nn: nn.LSTM(2, 2, bidirectional=True),
            "LSTM: bidirectional=True has no",
        ),
        (lambda nn: nn.Dropout(0.5), "Dropout: draws its mask by chance"),
        (
            lambda nn: nn.AdaptiveAvgPool2d(2),
            "AdaptiveAvgPool2d: output_size=2 has",
        ),
        (lambda nn: nn.ConvTranspose2d(1, 1, 2), "ConvTranspose2d is no layer"),
    ],
)
def test_what_has_no_counterpart_is_named(make, told):
    from torch import nn

    module = make(nn)
    with pytest.raises(derive.SpecError, match=told):
        derive.from_torch([module], [[[0.0]]], [[0.0]], steps=0)

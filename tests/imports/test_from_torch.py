"""A model of PyTorch as an exercise; the modules are stand-ins where torch is missing."""

import os

import pytest

import derive
from derive.errors import SpecError
from derive.imports.torch import map_activations
from derive.ops import ACTIVATIONS


class Tensor:
    """As much of a tensor as is read: a float32 array behind detach and cpu."""

    def __init__(self, rows):
        self.rows = rows

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return Array(self.rows)


class Array(list):
    def __init__(self, rows):
        super().__init__(Array(r) if isinstance(r, list) else r for r in rows)
        self.ndim = 2 if self and isinstance(self[0], list) else 1


def module(name, **settings):
    return type(name, (), settings)()


def linear(weights, biases=None):
    return module("Linear", weight=Tensor(weights), bias=biases and Tensor(biases))


DECK = [
    linear([[0.3, 0.25], [0.4, 0.35]]),
    module("Sigmoid"),
    linear([[0.45, 0.4], [0.7, 0.6]]),
    module("Sigmoid"),
]


def test_the_deck_as_a_model_is_the_deck():
    title = derive.load("two-two-two").title
    found = derive.from_torch(DECK, [0.1, 0.2], [0.4, 0.6], learning_rate=0.5, title=title)
    assert derive.sheet(found).numbers.shown("E_total+").text == "0.02323634"
    expected = derive.load("two-two-two")
    assert found.layers == expected.layers
    assert (found.inputs, found.targets) == (expected.inputs, expected.targets)


def test_without_a_learning_rate_there_is_no_update():
    assert derive.from_torch(DECK, [0.1, 0.2], [0.4, 0.6]).steps == 0


def test_biases_samples_and_further_keys():
    model = [linear([[0.5, -1e-7]], [0.25]), module("Tanh")]
    found = derive.from_torch(
        model, [[1, 2], [3, 4]], [[0.5], [0.25]], learning_rate=0.1, decimals=4, language="ko"
    )
    assert found.layers[0].biases == ("0.25",)
    assert found.layers[0].weights == (("0.5", "-0.0000001"),)
    assert (len(found.inputs), found.decimals, found.language) == (2, 4, "ko")


def test_a_layer_without_activation_is_linear():
    model = [linear([[0.5]]), linear([[0.25]]), module("ReLU")]
    found = derive.from_torch(model, [1], [2])
    assert [layer.activation for layer in found.layers] == ["identity", "relu"]


def test_the_slope_of_a_leaky_relu():
    model = [linear([[0.5]]), module("LeakyReLU", negative_slope=0.2)]
    assert derive.from_torch(model, [1], [2]).layers[0].slope == "0.2"


@pytest.mark.parametrize(
    ("reduction", "loss"), [("mean", "mean_squared_error"), ("sum", "squared_error")]
)
def test_the_mean_squared_error_of_pytorch(reduction, loss):
    found = derive.from_torch(DECK, [1, 2], [3, 4], module("MSELoss", reduction=reduction))
    assert (found.loss, found.reduction) == (loss, reduction)


def test_the_alpha_of_an_elu():
    model = [linear([[0.5]]), module("ELU", alpha=2.0)]
    assert derive.from_torch(model, [1], [2]).layers[0].alpha == "2.0"


def test_a_softmax_over_the_samples_is_refused():
    model = [linear([[0.5], [0.2]]), module("Softmax", dim=0)]
    with pytest.raises(SpecError, match=r"model\[1\]: dim=0 runs over the samples"):
        derive.from_torch(model, [[1], [2]], [[1, 0], [0, 1]])


def test_a_layer_alone_is_no_model():
    with pytest.raises(SpecError, match=r"model: expected nn\.Sequential"):
        derive.from_torch(module("Linear"), [1], [2])


def test_an_activation_of_its_own_is_a_layer_without_weights():
    model = [module("Tanh"), linear([[0.5], [0.1]]), module("Sigmoid"), module("Softmax", dim=-1)]
    spec = derive.from_torch(model, [1], [[1, 0]], "cross_entropy")
    assert [(layer.type, layer.activation) for layer in spec.layers] == [
        ("activation", "tanh"),
        ("dense", "sigmoid"),
        ("activation", "softmax"),
    ]
    assert spec.targets == (("1", "0"),)


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (
            [linear([[1.0]]), module("ConvTranspose2d")],
            r"model\[1\]: ConvTranspose2d is no layer that derive knows",
        ),
        ([linear([[1.0]]), module("Sigmoit")], "did you mean Sigmoid"),
        ([], "model: holds no layer"),
    ],
)
def test_a_layer_that_is_not_known_is_named(model, told):
    with pytest.raises(SpecError, match=told):
        derive.from_torch(model, [1], [2])


def test_a_loss_that_is_not_known_is_told():
    with pytest.raises(
        SpecError, match=r"loss: CTCLoss is not known as it is set; give one of: nn\.MSELoss"
    ):
        derive.from_torch(DECK, [1, 2], [3, 4], module("CTCLoss"))
    with pytest.raises(SpecError, match="half_squared"):
        derive.from_torch(DECK, [1, 2], [3, 4], "half_square_error")


def test_sizes_that_do_not_fit_are_told_as_in_a_file():
    with pytest.raises(SpecError, match="inputs"):
        derive.from_torch(DECK, [1, 2, 3], [3, 4])


def test_every_module_leads_back_to_a_row():
    found = map_activations()
    assert {"Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Identity"} <= set(found)
    assert set(found.values()) <= set(ACTIVATIONS)


@pytest.fixture
def torch():
    try:
        import torch
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("torch is missing; .ci/run installs it")
        pytest.skip("torch is missing")
    return torch


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_real_model_gives_the_gradients_of_pytorch(torch, dtype):
    torch.manual_seed(1)
    nn, kind = torch.nn, getattr(torch, dtype)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2), nn.LeakyReLU(0.1)).to(kind)
    inputs, targets = torch.randn(5, 3, dtype=kind), torch.randn(5, 2, dtype=kind)
    spec = derive.from_torch(model, inputs, targets, nn.MSELoss(), learning_rate=0.1)
    nn.MSELoss()(model(inputs), targets).backward()
    numbers = derive.sheet(spec).numbers
    near = 1e-9 if dtype == "float64" else 1e-4
    for place, first in ((0, 1), (2, 13)):
        for index, slope in enumerate(model[place].weight.grad.flatten().tolist(), first):
            shown = float(numbers.answer(numbers.step(f"dE_total/dW{index}")).value)
            assert slope == pytest.approx(shown, rel=near, abs=near / 100)


@pytest.mark.slow
def test_a_float32_number_is_as_short_as_it_was_typed(torch):
    model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False))
    model[0].weight.data[:] = 0.1
    assert derive.from_torch(model, [0.5], [1]).layers[0].weights == (("0.1",),)


SCORES = [linear([[0.3, 0.25], [0.4, 0.35]])]


@pytest.mark.parametrize("targets", [[1], [[0, 1]], Tensor([[0.0, 1.0]])])
def test_cross_entropy_on_scores_is_softmax_and_cross_entropy(targets):
    loss = module("CrossEntropyLoss", reduction="mean", label_smoothing=0.0, ignore_index=-100)
    found = derive.from_torch(SCORES, [[0.1, 0.2]], targets, loss)
    assert (found.layers[0].activation, found.loss) == ("softmax", "cross_entropy")
    assert [float(t) for t in found.targets[0]] == [0, 1]


def test_binary_cross_entropy_on_a_score_is_sigmoid_and_cross_entropy():
    model = [linear([[0.3, 0.25]])]
    found = derive.from_torch(model, [[0.1, 0.2]], [[1]], module("BCEWithLogitsLoss"))
    assert (found.layers[0].activation, found.loss) == ("sigmoid", "binary_cross_entropy")


def test_log_softmax_and_its_loss_and_huber_are_known():
    model = [*SCORES, module("LogSoftmax")]
    found = derive.from_torch(model, [[0.1, 0.2], [0.3, 0.1]], [1, 0], module("NLLLoss"))
    assert (found.layers[0].activation, found.loss) == ("log_softmax", "negative_log_likelihood")
    assert found.targets == (("0", "1"), ("1", "0"))
    loss = module("HuberLoss", reduction="sum", delta=0.5)
    assert derive.from_torch(DECK, [0.1, 0.2], [0.4, 0.6], loss).delta == "0.5"


@pytest.mark.parametrize(
    ("model", "targets", "loss", "said"),
    [
        (DECK, [0.4, 0.6], module("BCELoss"), "mean over 2 outputs, derive their sum"),
        (DECK, [1], module("CrossEntropyLoss"), "takes raw outputs; leave out the last"),
        (SCORES, [2], module("CrossEntropyLoss"), "expected classes from 0 to 1, got 2"),
        (
            SCORES,
            [1],
            module("CrossEntropyLoss", label_smoothing=0.1),
            r"label_smoothing=0.1 has no counterpart; expected 0.0",
        ),
    ],
)
def test_a_loss_that_would_not_be_the_same_is_told(model, targets, loss, said):
    with pytest.raises(SpecError, match=said):
        derive.from_torch(model, [0.1, 0.2], targets, loss)

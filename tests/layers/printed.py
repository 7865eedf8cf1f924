"""One exercise a layer with the numbers that the text of the layers prints.

Each number was found there in two other ways; none of them by this program.
"""

HEAD = "learning_rate = 0.5\n"
LSTM = (
    '{type="lstm", weights={i=[[0.5]], f=[[0.4]], c=[[0.8]], o=[[0.3]]}, '
    "recurrent_weights={i=[[0.1]], f=[[0.2]], c=[[-0.3]], o=[[0.6]]}, "
    'biases={i=[0], f=[1], c=[0], o=[0]}, outputs="last"}, {weights=[[0.9]]}'
)
GRU = (
    '{{type="gru", weights={{r=[[0.5]], u=[[0.4]], n=[[0.8]]}}, '
    "recurrent_weights={{r=[[0.1]], u=[[0.2]], n=[[-0.6]]}}, biases={{r=[0], u=[0], n=[0.1]}}, "
    'recurrent_biases={{r=[0], u=[0], n=[0.2]}}, initial=[0.5], outputs="last"{more}}}, '
    "{{weights=[[0.9]]}}"
)
IMAGE = "inputs = [[3, 0, 2, 1], [0, 2, 0, 1], [2, 1, 2, 0], [1, 0, 1, 1]]\ntargets = [0.2]\n"
CONV = '{type="conv2d", kernels=[[0.5, -0.5], [0.25, 0.75]], biases=[-0.5], activation="sigmoid"}'
FLAT = '{type="flatten"}, {weights=[[0.6, -0.3, 0.2, 0.5]], biases=[0.1]}'
RNN = (
    '{{type="rnn", weights=[[0.6], [-0.4]], recurrent_weights=[[0.5, 0.3], [-0.2, 0.7]], '
    'biases=[0.1, 0], outputs="last"{more}}}, {{weights=[[0.8, -0.5]]}}'
)
STEPS = "inputs = [[1], [0.5], [-1]]\ntargets = [0.25]\n"
TWO = "inputs = [[1], [0.5]]\ntargets = [-0.5]\n"
ATTENTION = (
    '{{type="attention", query_weights=[[1, 0.5], [0.5, 1]], key_weights=[[0.5, 0], [1, -0.5]], '
    "value_weights=[[1, 1], [0, 2]]{more}}}"
)
TOKENS = "inputs = [[1, 0], [0.5, -1]]\ntargets = [[0.5, 0], [0, -1]]\n"
DENSE = "{weights=[[0.5, -1, 0.25], [1, 0.5, 0], [0, 1, -0.5]]}"
THREE = "inputs = [1, 3, -2]\ntargets = [1, 0, 0]\n"
RESIDUAL = (
    '{name="a", weights=[[0.5, 0.1], [0.3, -0.4]], activation="tanh"}, '
    '{name="f", weights=[[0.2, 0.7], [-0.6, 0.4]], activation="tanh"}, '
)
PAIR = "inputs = [1, -2]\ntargets = [0.5]\n"


def spec(given, layers, more=""):
    """The text of an exercise."""
    return f"{more}{HEAD}{given}layers = [{layers}]\n"


BLOCK = """
input = "sequence"
inputs = [[1, 0, 3], [0.5, -1, 0]]
targets = [[1, 0], [0, 1]]
loss = "cross_entropy"
learning_rate = 0.5
layers = [{type="layer_norm"}, {name="y", type="attention", query_weights=[[1, 0, 0.5], [0, 1, -0.5]], key_weights=[[0.5, 1, 0], [0, -0.5, 1]], value_weights=[[1, 0, 0], [0, 0.5, 0], [0.5, 0, 1]]},
  {name="r", type="add", from=["input", "y"]}, {type="layer_norm"}, {weights=[[0.5, -0.5, 1], [1, 0.25, -0.5]], biases=[0.1, 0], activation="relu"}, {name="f", weights=[[0.4, -0.2], [0.3, 0.5], [-0.6, 0.1]]}, {type="add", from=["r", "f"]}, {weights=[[1, -1, 0.5], [0.5, 0, -0.5]], activation="softmax"}]
"""  # noqa: E501  as the text has it
EMBEDDING = """
inputs = ["b", "a", "b"]
targets = [1, 0]
loss = "cross_entropy"
learning_rate = 0.5
layers = [{type="embedding", vocabulary=["a", "b", "c"], table=[[0.2, -0.1], [0.5, 0.3], [-0.4, 0.6]]}, {type="global_avg_pool"}, {weights=[[1, 0.5], [-0.8, 1]], activation="softmax"}]
"""  # noqa: E501  as the text has it

CASES = {
    "conv1d": (
        spec(
            "inputs = [1, 2, 0, -1]\ntargets = [0.5, 0]\n",
            '{type="conv1d", kernels=[0.5, -0.25], biases=[0.1], activation="tanh"}, '
            '{type="conv1d", kernels=[0.8, -0.6]}',
        ),
        {
            "h1_2": "0.80049902", "E_total": "0.50168220", "dE_total/dh1_2": "0.89119812",
            "dE_total/dK1_1|2": "0.64023908", "dE_total/dK1_1": "-0.07305618",
            "dE_total/dK2_1": "0.26132046", "K1_1+": "0.53652809",
        },
    ),
    "conv2d": (
        spec(IMAGE, f'{CONV}, {{type="max_pool", size=2, stride=1}}, {FLAT}'),
        {
            "z1_1_1": "2.5", "h2_1_1": "0.92414182", "E_total": "0.33320983",
            "dE_total/dh1_2_2": "0.32653812", "dE_total/dK1_1_1": "0.15934493",
            "dE_total/db1": "0.06250381", "K1_1_1+": "0.42032754",
        },
    ),
    "avg_pool": (
        spec(IMAGE, f'{CONV}, {{type="avg_pool", size=2, stride=1}}, {FLAT}'),
        {
            "h2_1_1": "0.63388932", "dE_total/dh1_2_2": "0.13684565",
            "dE_total/dK1_1_1": "0.08044602",
        },
    ),
    "global_avg_pool": (
        spec(IMAGE, f'{CONV}, {{type="global_avg_pool"}}, {{weights=[[0.6]], biases=[0.1]}}'),
        {
            "h2": "0.60109457", "dE_total/dh1_2_2": "0.01737712",
            "dE_total/dK1_1_1": "0.03223998",
        },
    ),
    "global_max_pool": (
        spec(IMAGE, f'{CONV}, {{type="global_max_pool"}}, {{weights=[[0.6]], biases=[0.1]}}'),
        {"h2": "0.92414182", "dE_total/dh1_2_2": "0", "dE_total/dK1_1_1": "0.05734997"},
    ),
    "rnn": (
        spec(STEPS, RNN.format(more="")),
        {
            "h1_t1": "0.60436778", "E_total": "0.13126517", "dE_total/dh1_t2": "-0.22711192",
            "dE_total/dU1|t2": "-0.09890658", "dE_total/dU1": "-0.28514449",
            "dE_total/dW1": "0.21190513", "U1+": "0.64257225",
        },
    ),
    "rnn_truncated": (
        spec(STEPS, RNN.format(more=", truncate=2")), {"dE_total/dU1": "-0.18623792"},
    ),
    "lstm": (
        spec(TWO, LSTM),
        {
            "c1_t2": "0.50305696", "h1_t2": "0.26511862", "E_total": "0.27276997",
            "dE_total/dc1_t1": "0.23419574", "dE_total/dh1_t1": "0.00654604",
            "dE_total/dWf1": "0.01067403", "Wf1+": "0.39466299",
        },
    ),
    "gru": (
        spec(TWO, GRU.format(more="")),
        {
            "h1_t1": "0.56946627", "h1_t2": "0.49604858", "E_total": "0.44787786",
            "dE_total/dh1_t1": "0.39351967", "dE_total/dUn1": "0.12458935",
            "dE_total/dbUn1": "0.22489843",
        },
    ),
    "gru_before": (
        spec(TWO, GRU.format(more=', reset="before"')),
        {"h1_t2": "0.53170689", "dE_total/dUn1": "0.12197968"},
    ),
    "embedding": (
        EMBEDDING,
        {
            "h3": "0.4", "o1": "0.65399957", "E_total": "0.42464859",
            "dE_total/demb2_1|t1": "-0.20760026", "dE_total/demb2_1": "-0.41520052",
            "dE_total/demb3_1": "0", "emb2_1+": "0.70760026",
        },
    ),
    "attention": (
        spec(TOKENS, ATTENTION.format(more=""), "input_derivatives = true\n"),
        {
            "s1_2": "0.53033009", "p1_2": "0.45592056", "o1_t1": "0.31611917",
            "dE_total/dp1_2": "1.91562264", "dE_total/ds1_2": "0.52079654",
            "dE_total/dWq1": "-0.08377828", "Wq1+": "1.04188914",
            "dE_total/dx1_t1": "-0.48508768",
        },
    ),
    "attention_causal": (
        spec(TOKENS, ATTENTION.format(more=', mask="causal"')),
        {"p1_1": "1", "E_total": "0.15625", "dE_total/dWq1": "0.00828641"},
    ),
    "attention_heads": (
        spec(TOKENS, ATTENTION.format(more=", heads=2")),
        {"p2_1_2": "0.5", "o1_t1": "0.34326475"},
    ),
    "layer_norm": (
        spec(THREE, f'{DENSE}, {{type="layer_norm", gain=[1.5, 1, 0.5], shift=[0.1, 0, 0]}}'),
        {
            "mu1": "1.16666667", "var1": "9.05555556", "o1": "-1.97693176",
            "dE_total/dvar1": "-0.36446252", "dE_total/dh1": "-0.05201887",
            "dE_total/dgain1_1": "4.12192275", "W1+": "0.52600943",
        },
    ),
    "rms_norm": (
        spec(THREE, f'{DENSE}, {{type="rms_norm", gain=[1.5, 1, 0.5]}}'),
        {"rms1": "3.22748767", "o1": "-1.39427334", "dE_total/dh1": "-0.69781958"},
    ),
    "batch_norm": (
        spec(
            "inputs = [[1], [2], [4]]\ntargets = [[0], [1], [1]]\n",
            '{weights=[[0.5]]}, {type="batch_norm", gain=[2], shift=[0.5]}',
        ),
        {
            "mu1_1": "1.16666667", "o1_s1": "-1.63806245", "E_total": "1.41226109",
            "dE_total/dn1_1_s1": "-1.09204163", "dE_total/dh1_s1": "0.30538919",
            "dE_total/dgain1_1": "1.64360483", "dE_total/dW1": "0.00016905",
        },
    ),
    "dropout": (
        spec(
            "inputs = [1, -2]\ntargets = [1]\n",
            '{weights=[[0.5, 0.1], [0.3, -0.4], [1, 0.2]], activation="tanh"}, '
            '{type="dropout", rate=0.25, mask=[1, 0, 1]}, {weights=[[0.6, -0.5, 0.8]]}',
        ),
        {
            "h1": "0.29131261", "h4": "0.38841682", "E_total": "0.01883683",
            "dE_total/dh1": "-0.15527763", "dE_total/dh2": "0", "W1+": "0.57105015",
        },
    ),
    "add": (
        spec(PAIR, RESIDUAL + '{type="add", from=["a", "f"]}, {weights=[[1, -0.5]]}'),
        {
            "h5": "0.84147338", "o1": "0.36902600", "dE_total/dh1": "-0.18771319",
            "dE_total/dW1": "-0.17178328",
        },
    ),
    "multiply": (
        spec(PAIR, RESIDUAL + '{type="multiply", from=["a", "f"]}, {weights=[[1, -0.5]]}'),
        {"h5": "0.16026877", "dE_total/dh1": "-0.32832873"},
    ),
    "concat": (
        spec(
            PAIR,
            RESIDUAL + '{type="concat", from=["a", "f"]}, {weights=[[1, -0.5, 0.8, 0.3]]}',
        ),
        {"o1": "0.37451044", "dE_total/dh1": "-0.11737349"},
    ),
    "transformer": (
        BLOCK,
        {
            "n1_1_t1": "-0.26726038", "p1_2": "0.77948983", "h7_t1": "1.77436534",
            "E_total": "1.97902290", "dE_total/dh18_t1": "-0.00854849",
            "dE_total/dh7_t1": "-0.00768394", "dE_total/dWq1": "0.01009871",
            "dE_total/dW1": "-0.51401803",
        },
    ),
}  # fmt: skip
"""The text of each exercise, and printed numbers by id."""

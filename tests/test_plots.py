"""Figures say what they show, come out the same each time, and bear what is not there yet."""

import base64
import re
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image
from traitlets.config import Config

from helpers import plots
from helpers.errors import CourseError

GENERATOR = np.random.default_rng(0)
PICTURE = GENERATOR.random((6, 8))
HISTORY = {"accuracy": [0.9, 0.95], "val_accuracy": [0.92, 0.97], "loss": [0.3, 0.1]}
CONFUSION = [[8, 1, 0], [0, 9, 0], [2, 5, 4]]
DIGITS, LABELS, PREDICTIONS = np.zeros((4, 5, 5), np.uint8), [1, 2, 3, 4], [1, 7, 3, 9]

FIGURES = {
    "images": (
        lambda **alt: plots.images({"photo": PICTURE, "yours": None}, **alt),
        "Pictures. photo: 6 by 8 pixels; yours: nothing here yet.",
    ),
    "kernels": (
        lambda **alt: plots.kernels(np.linspace(-1, 2, 18).reshape(3, 3, 1, 2), **alt),
        "2 kernels of 3 by 3, values from -1 to 2. Input channel 0 of 1.",
    ),
    "feature_maps": (
        lambda **alt: plots.feature_maps(np.arange(3.0) * np.ones((4, 5, 3)), **alt),
        "3 feature maps of 4 by 5, values from 0 to 2. Strongest on average: map 2.",
    ),
    "learning_curves": (
        lambda **alt: plots.learning_curves(HISTORY, **alt),
        "Learning curves, first to last epoch. accuracy training 0.9 to 0.95; "
        "accuracy validation 0.92 to 0.97; loss training 0.3 to 0.1.",
    ),
    "confusion_matrix": (
        lambda **alt: plots.confusion_matrix(CONFUSION, ["<a>", "b", "c"], **alt),
        "Confusion matrix of 3 classes: 21 of 29 right. Most often wrong: c taken for b, 5 times.",
    ),
    "mistakes": (
        lambda **alt: plots.mistakes(DIGITS, LABELS, PREDICTIONS, **alt),
        "2 of 2 mistakes. 2 seen as 7; 4 seen as 9.",
    ),
    "bars": (
        lambda **alt: plots.bars({"linear": 0.92, "MLP": 0.975, "yours": None}, "accuracy", **alt),
        "Bar chart of accuracy: linear 0.92; MLP 0.975; yours nothing here yet.",
    ),
}

NOTHING = {
    "images": lambda: plots.images({}),
    "kernels": lambda: plots.kernels(None),
    "feature_maps": lambda: plots.feature_maps(None),
    "learning_curves": lambda: plots.learning_curves({}),
    "learning_curves of networks": lambda: plots.learning_curves({"mine": {}}),
    "confusion_matrix": lambda: plots.confusion_matrix(None),
    "mistakes": lambda: plots.mistakes(DIGITS, LABELS, None),
    "bars": lambda: plots.bars({}),
}


@pytest.fixture(scope="module", autouse=True)
def shell():
    """Provide what a notebook provides, without a history file in the home folder."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


@pytest.fixture
def output():
    """Return a function that runs a plot and returns its only output."""

    def run(plot):
        with capture_output() as captured:
            assert plot() is None
        assert captured.stdout == captured.stderr == ""
        (shown,) = captured.outputs
        return shown

    return run


def pixels(shown):
    return np.asarray(Image.open(BytesIO(base64.b64decode(shown.data["image/png"]))).convert("RGB"))


class AltTexts(HTMLParser):
    """Collect the descriptions of all pictures of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs).get("alt"))


def test_every_public_function_is_tested_here():
    assert set(FIGURES) == set(plots.__all__)


@pytest.mark.parametrize(("plot", "alt"), FIGURES.values(), ids=FIGURES)
def test_a_figure_is_described_in_metadata_html_and_text(plot, alt, output):
    shown = output(plot)
    assert shown.metadata == {"image/png": {"alt": alt}}
    assert AltTexts(shown.data["text/html"]).found == [alt]
    assert shown.data["text/plain"] == alt


@pytest.mark.parametrize(("plot", "_"), FIGURES.values(), ids=FIGURES)
def test_a_given_description_replaces_ours(plot, _, output):
    alt = 'A "<b>" & more'
    shown = output(lambda: plot(alt=alt))
    assert shown.metadata == {"image/png": {"alt": alt}}
    assert AltTexts(shown.data["text/html"]).found == [alt]


@pytest.mark.parametrize(("plot", "_"), FIGURES.values(), ids=FIGURES)
def test_the_same_figure_is_the_same_bytes(plot, _, output):
    first = output(plot).data["image/png"]
    assert output(plot).data["image/png"] == first
    assert b"matplotlib" not in base64.b64decode(first)


@pytest.mark.parametrize("plot", NOTHING.values(), ids=NOTHING)
def test_what_is_not_there_yet_is_an_empty_panel(plot, output):
    shown = output(plot)
    assert shown.metadata["image/png"]["alt"].endswith(": nothing here yet.")
    assert len(np.unique(pixels(shown))) > 1


def test_no_mistakes_are_said_to_be_none(output):
    shown = output(lambda: plots.mistakes(DIGITS, LABELS, LABELS))
    assert shown.metadata["image/png"]["alt"] == "Mistakes: no mistakes."


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_the_description_reaches_the_page_that_nbconvert_makes(executed, template):
    page, _ = HTMLExporter(template_name=template).from_notebook_node(executed)
    assert AltTexts(page).found == ["Bar chart of accuracy: linear 0.92.", 'mine: "<&>"']


def test_a_figure_is_shown_once_also_beside_pyplot(executed):
    assert [len(cell.outputs) for cell in executed.cells] == [1, 1, 0]


@pytest.fixture(scope="module")
def executed():
    """Run a notebook of figures in a kernel that has pyplot's inline backend."""
    cells = [
        "%matplotlib inline\nfrom helpers import plots\nplots.bars({'linear': 0.92}, 'accuracy')",
        "plots.images({'mine': None}, alt='mine: \"<&>\"')",
        "import matplotlib.pyplot as plt\nassert plt.get_fignums() == []",
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    return NotebookClient(notebook, kernel_name="python3").execute()


def test_neither_pyplot_nor_tensorflow_is_imported():
    code = (
        "import sys; from helpers import plots; plots.bars({'a': 1}); "
        "print({'matplotlib.pyplot', 'tensorflow', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Bar chart of value: a 1.\nset()\n"


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (np.full((4, 4), 100, np.uint8), 100),
        (np.full((4, 4, 1), 0.5), 127),
        (np.full((4, 4, 3), 100, np.uint8), 100),
        (np.full((4, 4), True), 255),
    ],
)
def test_a_plain_picture_keeps_its_grey(picture, expected, output):
    shown = pixels(output(lambda: plots.images({"": picture})))
    assert np.all(
        np.abs(shown[shown.shape[0] // 2, shown.shape[1] // 2].astype(int) - expected) <= 1
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_numbers_beyond_one_are_stretched_from_black_to_white(channels, output):
    picture = np.repeat([[-7.0], [30.0]], channels, axis=1).reshape(2, 1, channels)
    shown = pixels(output(lambda: plots.images({"": picture})))
    column = shown[:, shown.shape[1] // 2]
    assert column[len(column) // 4].max() == 0
    assert column[3 * len(column) // 4].min() == 255


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_disturbs_no_figure(value, output):
    broken = PICTURE[..., None] * np.ones(3)
    broken[0, 0] = value
    output(lambda: plots.images({"grey": broken[..., 0], "colour": broken}))
    output(lambda: plots.feature_maps(broken))
    output(lambda: plots.feature_maps(np.full((2, 2, 1), value)))
    output(lambda: plots.kernels(np.full((2, 2), value)))


def test_only_as_many_tiles_are_drawn_as_one_can_see(output):
    shown = output(lambda: plots.feature_maps(np.ones((2, 2, 100))))
    assert shown.metadata["image/png"]["alt"].startswith("First 64 of 100 feature maps of 2 by 2")


def test_long_lists_are_cut_in_descriptions(output):
    alt = output(lambda: plots.bars({f"n{i}": i for i in range(12)})).metadata["image/png"]["alt"]
    assert alt.endswith("n9 9; and 2 more.")


def test_several_networks_share_the_panels(output):
    shown = output(lambda: plots.learning_curves({"slow": HISTORY, "fast": {"loss": [0.2, 0.05]}}))
    assert "loss slow, training 0.3 to 0.1; loss fast, training 0.2 to 0.05" in repr(shown.metadata)


def test_large_numbers_are_written_out(output):
    shown = output(lambda: plots.bars({"dense": 1234567}, "parameters"))
    assert shown.metadata["image/png"]["alt"] == "Bar chart of parameters: dense 1,234,567."


@pytest.fixture(scope="module")
def model():
    from helpers.quiet import keras

    return keras.Sequential(
        [
            keras.Input((9, 9, 1)),
            keras.layers.Conv2D(2, 5, name="first"),
            keras.layers.Conv2D(3, 3, name="second"),
            keras.layers.Flatten(),
            keras.layers.Dense(4, name="dense"),
        ]
    )


def test_the_first_convolutional_layer_of_a_model_is_shown_by_default(model, output):
    alt = output(lambda: plots.kernels(model)).metadata["image/png"]["alt"]
    assert alt.startswith("2 kernels of 5 by 5")


def test_a_layer_and_a_channel_can_be_chosen(model, output):
    shown = output(lambda: plots.kernels(model, "second", channel=1))
    alt = shown.metadata["image/png"]["alt"]
    assert alt.startswith("3 kernels of 3 by 3")
    assert alt.endswith("Input channel 1 of 2.")
    same = output(lambda: plots.kernels(model.get_layer("second").kernel, channel=1))
    assert same.data["image/png"] == shown.data["image/png"]


def test_a_layer_without_kernels_is_named_with_those_that_have_some(model):
    with pytest.raises(CourseError, match="called 'dense', only first, second"):
        plots.kernels(model, "dense")


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: plots.images({"mine": np.zeros((4, 4, 2))}), "'mine' has shape (4, 4, 2)"),
        (lambda: plots.images({"mine": np.zeros((2, 4, 4, 1))}), "'mine': its shape is (2, 4,"),
        (lambda: plots.images({"mine": np.zeros((0, 4))}), "its shape is (0, 4)"),
        (lambda: plots.images({"mine": "cat.png"}), "'mine': it is a str"),
        (lambda: plots.images({"mine": [[1], [1, 2]]}), "its rows have different lengths"),
        (lambda: plots.kernels(np.zeros((3, 3, 2, 4)), channel=2), "channel is 2"),
        (lambda: plots.kernels(np.zeros(3)), "kernels: its shape is (3,)"),
        (lambda: plots.feature_maps(np.zeros((1, 4, 4, 2))), "maps: its shape is (1, 4, 4, 2)"),
        (lambda: plots.confusion_matrix([[1, 2]]), "matrix has shape (1, 2)"),
        (lambda: plots.confusion_matrix([[0.5, 0.5], [0, 1]]), "holds float64 values"),
        (lambda: plots.confusion_matrix(CONFUSION, ["a"]), "names has 1 names, none for class 1"),
        (lambda: plots.mistakes(DIGITS, LABELS, [1]), "4 images, 4 labels and 1 predictions"),
        (lambda: plots.bars({"mine": float("nan")}), "'mine' is nan"),
    ],
)
def test_wrong_input_is_named(call, hint):
    with pytest.raises(CourseError, match=re.escape(hint)):
        call()

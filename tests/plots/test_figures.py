"""Figures say what they show, come out the same each time, and bear what is not there yet."""

import base64
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from helpers import plots
from helpers.errors import CourseError
from tests.plots.shown import AltTexts, pixels

GENERATOR = np.random.default_rng(0)
PICTURE = GENERATOR.random((6, 8))
HISTORY = {"accuracy": [0.9, 0.95], "val_accuracy": [0.92, 0.97], "loss": [0.3, 0.1]}
CONFUSION = [[8, 1, 0], [0, 9, 0], [2, 5, 4]]
DIGITS, LABELS, PREDICTIONS = np.zeros((4, 5, 5), np.uint8), [1, 2, 3, 4], [1, 7, 3, 9]
CURVE = ([2, 10], [[0.5, 0.5, 0.8], [0.9, 0.9, 0.9]])
POINTS = [[0, 0], [0, 1], [9, 0], [9, 1]]
MACHINE = SimpleNamespace(coef_=np.array([[0.5, 0]]), intercept_=np.array([-2]), support_=[0, 2])
RESULTS = [[("n1", "tiger_cat", 0.62), ("n2", "<tabby>", 0.2), ("n3", "lynx", 0.1)]]

FIGURES = {
    "images": (
        lambda **alt: plots.images({"photo": PICTURE, "yours": None}, **alt),
        "Pictures. photo: 6 by 8 pixels; yours: nothing here yet.",
    ),
    "contact_sheet": (
        lambda **alt: plots.contact_sheet(DIGITS, ["<a>", "b", "b", "b"], [3, 0], **alt),
        "Contact sheet, pictures: 4. 1 of <a>; 3 of b. Marked, 2: 3 b; 0 <a>.",
    ),
    "kernels": (
        lambda **alt: plots.kernels(np.linspace(-1, 2, 18).reshape(3, 3, 1, 2), **alt),
        "2 kernels of 3 by 3, values from -1 to 2. Input channel 0 of 1.",
    ),
    "feature_maps": (
        lambda **alt: plots.feature_maps(np.arange(3.0) * np.ones((4, 5, 3)), **alt),
        "3 feature maps of 4 by 5, values from 0 to 2. Strongest on average: map 2.",
    ),
    "heat": (
        lambda **alt: plots.heat(PICTURE, [[0, 0, 0], [0, -1, 0], [2, 0, 0]], **alt),
        "Heat map of importance, 3 by 3, over a picture of 6 by 8 pixels: from -1 to 2, highest "
        "at the bottom left.",
    ),
    "learning_curves": (
        lambda **alt: plots.learning_curves(HISTORY, **alt),
        "Learning curves, first to last epoch. accuracy training 0.9 to 0.95; "
        "accuracy validation 0.92 to 0.97; loss training 0.3 to 0.1.",
    ),
    "accuracy_spread": (
        lambda **alt: plots.accuracy_spread({"mine": CURVE, "yours": None}, **alt),
        "Accuracy by number of training pictures, mean (10 % to 90 % quantile of the orders). "
        "mine: 2 0.60 (0.50 to 0.74), 10 0.90 (0.90 to 0.90); yours: nothing here yet.",
    ),
    "scatter": (
        lambda **alt: plots.scatter(POINTS, [0, 0, 0, 1], ["<a>", "b"], **alt),
        "Scatter plot: 3 <a>; 1 b. The nearest point is of the same class for 50%.",
    ),
    "confusion_matrix": (
        lambda **alt: plots.confusion_matrix(CONFUSION, ["<a>", "b", "c"], **alt),
        "Confusion matrix of 3 classes: 21 of 29 right. Most often wrong: c taken for b, 5 times.",
    ),
    "mistakes": (
        lambda **alt: plots.mistakes(DIGITS, LABELS, PREDICTIONS, **alt),
        "2 of 2 mistakes. 2 seen as 7; 4 seen as 9.",
    ),
    "predictions": (
        lambda **alt: plots.predictions([PICTURE], RESULTS, **alt),
        "What each picture is taken for. 0: tiger cat 62%, <tabby> 20%.",
    ),
    "bars": (
        lambda **alt: plots.bars({"linear": 0.92, "MLP": 0.975, "yours": None}, "accuracy", **alt),
        "Bar chart of accuracy: linear 0.92; MLP 0.975; yours nothing here yet.",
    ),
    "sliding": (
        lambda **alt: plots.sliding([[1, 2, 3], [4, 5, 6]], [[1, -1]], 1, 0, **alt),
        "One step of a convolution: a kernel of 1 by 2 on an image of 2 by 3, at row 1, column 0. "
        "The products are 4 -5; their sum, -1, is one number of the feature map of 2 by 2.",
    ),
    "pooling": (
        lambda **alt: plots.pooling([[1, 2, 9], [4, 3, 9]], **alt),
        "Max pooling by 2: a feature map of 2 by 3 becomes 1 by 1, the largest number of each "
        "square. Row by row: 4. Left over at the bottom and on the right: 0 and 1.",
    ),
    "margin": (
        lambda **alt: plots.margin(POINTS, [0, 0, 1, 1], MACHINE, ["<a>", "b"], **alt),
        "Points of two classes, 2 <a>; 2 b, and the line between them. Its margin is 4 wide and "
        "held by 2 support vectors.",
    ),
    "volumes": (
        lambda **alt: plots.volumes({"<a>": (4, 5, 1), "b": (2, 2, 8)}, **alt),
        "Blocks of height by width by channels: <a> 4 by 5 by 1; b 2 by 2 by 8.",
    ),
}

NOTHING = {
    "images": lambda: plots.images({}),
    "contact_sheet": lambda: plots.contact_sheet(None),
    "contact_sheet of no pictures": lambda: plots.contact_sheet([]),
    "kernels": lambda: plots.kernels(None),
    "feature_maps": lambda: plots.feature_maps(None),
    "heat": lambda: plots.heat(PICTURE, None),
    "learning_curves": lambda: plots.learning_curves({}),
    "learning_curves of networks": lambda: plots.learning_curves({"mine": {}}),
    "accuracy_spread": lambda: plots.accuracy_spread(None),
    "accuracy_spread of a name": lambda: plots.accuracy_spread({"mine": None}),
    "scatter": lambda: plots.scatter(None, LABELS),
    "confusion_matrix": lambda: plots.confusion_matrix(None),
    "mistakes": lambda: plots.mistakes(DIGITS, LABELS, None),
    "predictions": lambda: plots.predictions(DIGITS, None),
    "volumes": lambda: plots.volumes({}),
    "bars": lambda: plots.bars({}),
    "bars of an empty list": lambda: plots.bars([]),
    "learning_curves of a run to come": lambda: plots.learning_curves({"mine": None}),
}


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
        "print({'matplotlib.pyplot', 'tensorflow', 'keras', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Bar chart of value: a 1.\nset()\n"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_disturbs_no_figure(value, output):
    broken = PICTURE[..., None] * np.ones(3)
    broken[0, 0] = value
    output(lambda: plots.images({"grey": broken[..., 0], "colour": broken}))
    output(lambda: plots.contact_sheet([broken[..., 0], broken]))
    output(lambda: plots.feature_maps(broken))
    output(lambda: plots.feature_maps(np.full((2, 2, 1), value)))
    output(lambda: plots.kernels(np.full((2, 2), value)))
    output(lambda: plots.heat(broken, broken[..., 0]))
    output(lambda: plots.heat(broken, np.full((2, 2), value)))


@pytest.mark.parametrize("name", ["$a", "a$_$b", "$\\\\frac$", "x^$2$", "50$"])
def test_a_dollar_in_a_name_is_a_dollar(name, output):
    output(lambda: plots.images({name: PICTURE, f"{name} to come": None}))
    output(lambda: plots.contact_sheet([PICTURE], [name]))
    output(lambda: plots.predictions([PICTURE], [[("n1", name, 0.5)]]))
    output(lambda: plots.mistakes(DIGITS, LABELS, PREDICTIONS, names=[name] * 10))
    output(lambda: plots.confusion_matrix([[1]], [name]))
    output(lambda: plots.bars({name: 1}, name))
    output(lambda: plots.learning_curves({name: {name: [1]}}))
    output(lambda: plots.accuracy_spread({name: CURVE}))
    output(lambda: plots.scatter(POINTS, [name] * 4))
    output(lambda: plots.heat(PICTURE, PICTURE, name))


def test_long_lists_are_cut_in_descriptions(described):
    alt = described(lambda: plots.bars({f"n{i}": i for i in range(12)}))
    assert alt.endswith("n9 9; and 2 more.")


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: plots.images(DIGITS), "it is a ndarray, but must be a dictionary"),
        (lambda: plots.images([PICTURE]), "it is a list, but must be a dictionary"),
        (lambda: plots.images({"mine": np.zeros((4, 4, 2))}), "'mine' has shape (4, 4, 2)"),
        (lambda: plots.images({"mine": np.zeros((2, 4, 4, 1))}), "'mine': its shape is (2, 4,"),
        (lambda: plots.images({"mine": np.zeros((0, 4))}), "its shape is (0, 4)"),
        (lambda: plots.images({"mine": "cat.png"}), "'mine': it is a str"),
        (lambda: plots.images({"mine": [[1], [1, 2]]}), "its rows have different lengths"),
        (lambda: plots.contact_sheet([PICTURE, "cat.png"]), "picture 1: it is a str"),
        (lambda: plots.contact_sheet(np.zeros((1, 4, 4, 2))), "Picture 0 has shape (4, 4, 2)"),
        (lambda: plots.contact_sheet(3), "it is a int, but must be a list"),
        (lambda: plots.contact_sheet(DIGITS, 3), "it is a int, but must be a list"),
        (lambda: plots.contact_sheet(DIGITS, ["a"]), "4 images, but 1 titles"),
        (lambda: plots.contact_sheet(DIGITS, marked=[4]), "positions from 0 to 3"),
        (lambda: plots.contact_sheet(DIGITS, marked=[-1]), "positions from 0 to 3"),
        (lambda: plots.contact_sheet(DIGITS, marked=[0.5]), "positions from 0 to 3"),
        (lambda: plots.contact_sheet(DIGITS, marked=[True]), "each of the 4 pictures"),
        (lambda: plots.contact_sheet(DIGITS, columns=0), "columns is 0"),
        (lambda: plots.contact_sheet(DIGITS, columns=2.5), "columns is 2.5"),
        (lambda: plots.kernels(np.zeros((3, 3, 2, 4)), channel=2), "channel is 2"),
        (lambda: plots.kernels(np.zeros(3)), "kernels: its shape is (3,)"),
        (lambda: plots.feature_maps(np.zeros((1, 4, 4, 2))), "maps: its shape is (1, 4, 4, 2)"),
        (lambda: plots.heat(PICTURE, np.zeros((7, 7, 1280))), "heat_map: its shape is (7, 7, 1"),
        (lambda: plots.learning_curves({"loss": 1.0}), "loss training: its shape is ()"),
        (lambda: plots.learning_curves({"loss": ["a"]}), "loss training: it is a list, not num"),
        (lambda: plots.learning_curves([0.3, 0.1]), "it is a list, but must be a dictionary"),
        (lambda: plots.learning_curves({"a": HISTORY, "b": [1]}), "'b': it is a list, but must"),
        (lambda: plots.accuracy_spread({"mine": ([2], [[75.0]])}), "divide percentages by 100"),
        (lambda: plots.accuracy_spread({"mine": 3}), "A curve is a pair"),
        (lambda: plots.accuracy_spread({"mine": ([2, 3], [[1]])}), "'mine' has 2 sizes"),
        (lambda: plots.accuracy_spread({"mine": ([0], [[1]])}), "sizes above 0"),
        (lambda: plots.accuracy_spread({"mine": ([2], [[np.nan]])}), "finite accuracies"),
        (lambda: plots.scatter(np.zeros((4, 3)), LABELS), "points has shape (4, 3)"),
        (lambda: plots.scatter(POINTS, [0.2, 0.7, 0.2, 1]), "should be one row of classes, whole"),
        (lambda: plots.scatter(POINTS, [0, np.nan, 1, 1]), "should be one row of classes, whole"),
        (lambda: plots.scatter(POINTS, [1]), "for each of the 1 labels"),
        (lambda: plots.scatter(np.full((4, 2), np.nan), LABELS), "not finite"),
        (lambda: plots.scatter(POINTS, [0, 1, 2, 3], ["a"]), "names has 1 names, none for class 1"),
        (lambda: plots.confusion_matrix([[1, 2]]), "matrix has shape (1, 2)"),
        (lambda: plots.confusion_matrix([[0.5, 0.5], [0, 1]]), "holds float64 values"),
        (lambda: plots.confusion_matrix(CONFUSION, ["a"]), "names has 1 names, none for class 1"),
        (lambda: plots.mistakes(DIGITS, LABELS, [1]), "4 images, 4 labels and 1 predictions"),
        (lambda: plots.mistakes(DIGITS, LABELS, PREDICTIONS, count=0), "count is 0"),
        (lambda: plots.mistakes(DIGITS, LABELS, PREDICTIONS, count=-1), "count is -1"),
        (lambda: plots.mistakes(DIGITS, LABELS, list("abcd")), "both names or both numbers"),
        (lambda: plots.predictions(DIGITS, 3), "the results: it is a int, but must be a list"),
        (lambda: plots.predictions(DIGITS, RESULTS), "4 images, but results for 1"),
        (lambda: plots.predictions([PICTURE], [["cat"]]), "(wnid, name, probability)"),
        (lambda: plots.predictions([PICTURE], [[("n1", "cat", 62)]]), "from 0 to 1"),
        (lambda: plots.sliding([[1, 2]], [[1, 2, 3]]), "does not fit into an image"),
        (lambda: plots.sliding(np.ones((3, 3, 2)), [[1]]), "have 2"),
        (lambda: plots.sliding(None, [[1]]), "Cannot show image: it is a NoneType"),
        (lambda: plots.sliding(PICTURE, [[1]], row=6), "row is 6, but must be a whole number"),
        (lambda: plots.sliding(PICTURE, [[1]], column=-1), "column is -1, but must be a whole"),
        (lambda: plots.pooling([[1, 2]]), "pool_size is 2, but must be a whole number from 1 to 1"),
        (lambda: plots.pooling([1, 2]), "feature_map: its shape is (2,)"),
        (lambda: plots.margin(np.zeros((4, 3)), LABELS, MACHINE), "points has shape (4, 3)"),
        (lambda: plots.margin(POINTS[:2], [0, 1], MACHINE), "was not fitted to these points"),
        (lambda: plots.volumes([(1, 2, 3)]), "it is a list, but must be a dictionary"),
        (lambda: plots.volumes({"a": (1, 2)}), "'a' is (1, 2), but needs a height, a width and"),
        (lambda: plots.volumes({"a": (0, 2, 3)}), "each size of 'a' is 0"),
        (lambda: plots.bars({"mine": float("nan")}), "'mine' is nan"),
        (lambda: plots.bars({"mine": "x"}), "the value of 'mine': it is a str, not numbers"),
        (lambda: plots.bars({"mine": [1, 2]}), "the value of 'mine': its shape is (2,)"),
        (lambda: plots.bars([1, 2]), "it is a list, but must be a dictionary"),
        (lambda: plots.bars(np.ones(2)), "it is a ndarray, but must be a dictionary"),
    ],
)
def test_wrong_input_is_named(call, hint):
    with pytest.raises(CourseError, match=re.escape(hint)):
        call()

"""Answers to the assignment `pincers-scissors` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]


def _table(row: str, layers: str = "model.layers") -> str:
    return f"def layer_table(model):\n    return [{row} for layer in {layers}]\n"


def _cut(output: str, model: str = "model") -> str:
    return (
        f"def cut(model, layer_name):\n    model = {model}\n"
        f"    return keras.Model(model.input, {output})\n"
    )


EXTRACT = """
def extract(pictures, network, layer_name):
    model = keras.Model(network.model.inputs, network.model.get_layer(layer_name).output)
    fitted = np.stack([{fit} for picture in pictures])
    rows = model.predict({inputs}, verbose=0)
    if len(rows.shape) == 4:
        rows = {average}
    return {result}
"""


def _extract(
    fit: str = "network.fit(picture)",
    inputs: str = "network.preprocess_input(fitted)",
    average: str = "rows.mean(axis=2).mean(axis=1)",
    result: str = "rows",
) -> str:
    return EXTRACT.format(fit=fit, inputs=inputs, average=average, result=result)


SVM = """
def train_svm(features, labels, kernel="linear"):
    model = {model}
    {fit}
    return model


def accuracy(model, features, labels):
    return {accuracy}
"""


def _svm(
    model: str = "SVC(kernel=kernel, C=1)",
    fit: str = "model.fit(features, labels)",
    accuracy: str = "model.score(features, labels)",
) -> str:
    return SVM.format(model=model, fit=fit, accuracy=accuracy)


CURVE = """
def learning_curve(train_features, train_labels, test_features, test_labels, sizes, orders):
    accuracies = np.empty((len(sizes), orders))
    for j in range(orders):
        order = {order}
        for i, size in enumerate(sizes):
            first = {first}
            model = SVC(kernel="linear").fit(train_features[first], train_labels{labels})
            accuracies[i, j] = model.score({judged})
    return {result}
"""


def _curve(
    order: str = "course_svm.alternating_order(train_labels, 100 + j)",
    first: str = "order[:size]",
    labels: str = "[first]",
    judged: str = "test_features, test_labels",
    result: str = "accuracies",
) -> str:
    return CURVE.format(order=order, first=first, labels=labels, judged=judged, result=result)


KERNELS = """
def compare_kernels(train_features, train_labels, test_features, test_labels, size, orders):
    data = train_features, train_labels, test_features, test_labels
    result = {{}}
    for kernel in ["linear", "rbf", "poly"]:
        curve = course_svm.learning_curve({arguments})
        result[kernel] = {value}
    return result
"""


def _kernels(
    arguments: str = "*data, [size], orders, kernel=kernel",
    value: str = "float(curve.accuracies.mean())",
) -> str:
    return KERNELS.format(arguments=arguments, value=value)


LAYERS = """
def raw_pixels(pictures, size=32):
    rows = []
    for picture in pictures:
        small = {small}
        rows.append({row})
    return {rows}


def compare_layers(features_of, labels, pairs):
    result = {{}}
    for name in features_of:
        x, found = features_of[name], []
        for train, test in pairs:
            model = SVC(kernel="linear").fit(x[train], labels[train])
            found.append(model.score({judged}))
        result[name] = {value}
    return result
"""


def _layers(
    small: str = "Image.fromarray(picture).resize((size, size), Image.Resampling.BOX)",
    row: str = "np.array(small).reshape(-1) / 255.0",
    rows: str = "rows",
    judged: str = "x[test], labels[test]",
    value: str = "sum(found) / len(found)",
) -> str:
    return LAYERS.format(small=small, row=row, rows=rows, judged=judged, value=value)


def _project(points: str, imports: str = "") -> str:
    return f"{imports}\n\ndef project(features):\n    return {points}\n"


REPAIRED = """
def repaired_extract(pictures, network):
    images = np.stack([{fit} for picture in pictures])
    model = checks.network_until(network.model, network.penultimate)
    rows = model.predict({inputs}, verbose=0)
    return {result}
"""
MEANS = "rows if rows.ndim == 2 else rows.mean(axis=(1, 2))"


def _repaired(
    fit: str = "network.fit(picture)",
    inputs: str = "network.preprocess_input(images)",
    result: str = MEANS,
) -> str:
    return REPAIRED.format(fit=fit, inputs=inputs, result=result)


AFTERWARDS = "({} - network.mean[0]) / network.divisor"

ANSWERS = [
    # Exercise 1
    Answer(
        "layer_table",
        "with the batch axis",
        False,
        _table("(layer.name, layer.output.shape)"),
        hint="Leave out the batch axis",
    ),
    Answer(
        "layer_table",
        "shapes of the inputs",
        False,
        _table("(layer.name, layer.input.shape)"),
        hint="the shape of its input",
    ),
    Answer(
        "layer_table", "names only", False, _table("layer.name"), hint="pairs of a name and a shape"
    ),
    Answer(
        "layer_table",
        "without the first layer",
        False,
        _table("(layer.name, layer.output.shape[1:])", "model.layers[1:]"),
        hint="'lines' is missing",
    ),
    Answer(
        "layer_table",
        "layers with weights only",
        False,
        _table("(layer.name, layer.output.shape[1:])", "model.layers if layer.weights"),
        hint="'list' is missing",
    ),
    Answer("layer_table", "lists", True, _table("[layer.name, list(layer.output.shape)[1:]]")),
    Answer(
        "layer_table",
        "dictionary in between",
        True,
        """
def layer_table(model):
    shapes = {}
    for layer in model.layers:
        batch, *shapes[layer.name] = layer.output.shape
    return list(shapes.items())
""",
    ),
    # Exercise 2
    Answer(
        "cut",
        "input of the layer",
        False,
        _cut("model.get_layer(layer_name).input"),
        hint="Is it the output of this very layer",
    ),
    Answer(
        "cut",
        "always the penultimate layer",
        False,
        _cut("model.layers[-3].output"),
        hint="the layer's own feature maps",
    ),
    Answer(
        "cut",
        "new weights",
        False,
        _cut("model.get_layer(layer_name).output", "keras.models.clone_model(model)"),
        hint="with the trained weights",
    ),
    Answer(
        "cut",
        "a row of layers",
        False,
        """
def cut(model, layer_name):
    names = [layer.name for layer in model.layers]
    return keras.Sequential(model.layers[: names.index(layer_name) + 1])
""",
    ),
    Answer(
        "cut",
        "the layer itself",
        False,
        "def cut(model, layer_name):\n    return model.get_layer(layer_name)\n",
        hint="should be a `keras.Model`",
    ),
    Answer(
        "cut", "lists of inputs and outputs", True, _cut("[model.get_layer(layer_name).output]")
    ),
    Answer(
        "cut",
        "search for the name",
        True,
        """
def cut(model, layer_name):
    for layer in model.layers:
        if layer.name == layer_name:
            return keras.Model(inputs=model.inputs, outputs=layer.output)
""",
    ),
    # Exercise 3
    Answer(
        "extract",
        "not preprocessed",
        False,
        _extract(inputs="fitted"),
        hint="pictures that were not preprocessed",
    ),
    Answer(
        "extract",
        "scaled for any network",
        False,
        _extract(inputs="(fitted - 127.0) / 128"),
        hint="preprocessed for efficientnet-lite0",
    ),
    Answer(
        "extract",
        "divided by 255",
        False,
        _extract(inputs="fitted / 255"),
        hint="pixels from 0 to 1",
    ),
    Answer(
        "extract",
        "preprocessed afterwards",
        False,
        _extract(inputs="fitted", result=AFTERWARDS.format("rows")),
        hint="before the network sees them",
    ),
    Answer(
        "extract",
        "corner instead of fit",
        False,
        _extract(fit="picture[: network.input_size, : network.input_size]"),
        hint="Fit each picture with `network.fit`",
    ),
    Answer(
        "extract",
        "maps flattened",
        False,
        _extract(average="rows.reshape(len(rows), -1)"),
        hint="its mean over height and width",
    ),
    Answer("extract", "predict", True, _extract(result="rows.astype(float).tolist()")),
    Answer(
        "extract",
        "batches by hand",
        True,
        """
def extract(pictures, network, layer_name):
    output = network.model.get_layer(layer_name).output
    if len(output.shape) == 4:
        output = keras.layers.GlobalAveragePooling2D()(output)
    model = keras.Model(network.model.input, output)
    rows = []
    for start in range(0, len(pictures), 32):
        batch = network.prepare(pictures[start : start + 32])
        rows.extend(np.array(model(batch, training=False)))
    return np.array(rows)
""",
    ),
    # Exercise 4
    Answer("train_svm", "not fitted", False, _svm(fit=""), hint="was `fit` called"),
    Answer("train_svm", "kernel ignored", False, _svm("SVC()"), hint="is `kernel` passed on"),
    Answer(
        "train_svm",
        "the pictures of the notebook",
        False,
        _svm(fit="model.fit(train_features, train_labels)"),
        hint="was `fit` called with the features and the labels",
    ),
    Answer(
        "train_svm",
        "accuracy in percent",
        False,
        _svm(accuracy="100 * model.score(features, labels)"),
        hint="a share goes from 0 to 1",
    ),
    Answer(
        "train_svm",
        "right answers counted",
        False,
        _svm(accuracy="sum(model.predict(features) == labels)"),
        hint="a share goes from 0 to 1",
    ),
    Answer("train_svm", "score", True, _svm()),
    Answer(
        "train_svm",
        "standardised",
        True,
        """
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""
        + _svm(
            "make_pipeline(StandardScaler(), SVC(kernel=kernel))",
            accuracy="sum(p == t for p, t in zip(model.predict(features), labels)) / len(labels)",
        ),
    ),
    # Exercise 5
    Answer(
        "learning_curve",
        "one order for all",
        False,
        _curve(order="course_svm.alternating_order(train_labels, 0)"),
        hint="is each column another random order",
    ),
    Answer(
        "learning_curve",
        "judged by the training pictures",
        False,
        _curve(judged="train_features[first], train_labels[first]"),
        hint="is the machine judged by the test pictures",
    ),
    Answer(
        "learning_curve",
        "judged by all training pictures",
        False,
        _curve(judged="train_features, train_labels"),
        hint="is the machine judged by the test pictures",
    ),
    Answer(
        "learning_curve",
        "transposed",
        False,
        _curve(result="accuracies.T"),
        hint="Rows are sizes, columns orders",
    ),
    Answer("learning_curve", "labels in the old order", False, _curve(labels="[:size]")),
    Answer(
        "learning_curve",
        "all pictures at once",
        False,
        _curve(first="order"),
        hint="as many as the size says",
    ),
    Answer("learning_curve", "loops", True, _curve(result="accuracies.tolist()")),
    Answer(
        "learning_curve",
        "own orders",
        True,
        """
def learning_curve(train_features, train_labels, test_features, test_labels, sizes, orders):
    rng, columns = np.random.default_rng(5), []
    for _ in range(orders):
        heaps = [rng.permutation(np.flatnonzero(train_labels == c)) for c in set(train_labels)]
        order = np.stack(heaps, axis=1).ravel()
        column = []
        for size in sizes:
            model = SVC(kernel="linear").fit(
                train_features[order[:size]], train_labels[order[:size]]
            )
            column.append(np.mean(model.predict(test_features) == test_labels))
        columns.append(column)
    return np.transpose(columns)
""",
    ),
    # Exercise 6
    Answer(
        "compare_kernels",
        "always linear",
        False,
        _kernels("*data, [size], orders"),
        hint="trained with its own kernel",
    ),
    Answer(
        "compare_kernels",
        "luckiest order",
        False,
        _kernels(value="curve.accuracies.max()"),
        hint="the mean of all orders",
    ),
    Answer(
        "compare_kernels",
        "in percent",
        False,
        _kernels(value="100 * curve.accuracies.mean()"),
        hint="give a share from 0 to 1",
    ),
    Answer(
        "compare_kernels",
        "all pictures",
        False,
        _kernels("*data, [len(train_labels)], orders, kernel=kernel"),
        hint="with `size` training pictures",
    ),
    Answer(
        "compare_kernels",
        "every order",
        False,
        _kernels(value="curve.accuracies[0]"),
        hint="should be one number",
    ),
    Answer(
        "compare_kernels",
        "always twenty orders",
        False,
        _kernels("*data, [size], kernel=kernel"),
    ),
    Answer("compare_kernels", "curve", True, _kernels()),
    Answer(
        "compare_kernels",
        "loops",
        True,
        """
def compare_kernels(train_features, train_labels, test_features, test_labels, size, orders):
    result = dict(rbf=[], poly=[], linear=[])
    for seed in range(orders):
        first = course_svm.alternating_order(train_labels, seed)[:size]
        for kernel, shares in result.items():
            model = SVC(kernel=kernel).fit(train_features[first], train_labels[first])
            shares.append(model.score(test_features, test_labels))
    return {kernel: np.mean(shares) for kernel, shares in result.items()}
""",
    ),
    # Exercise 7
    Answer(
        "compare_layers",
        "last split only",
        False,
        _layers(value="found[-1]"),
        hint="the mean of all splits",
    ),
    Answer(
        "compare_layers",
        "judged by the training pictures",
        False,
        _layers(judged="x[train], labels[train]"),
        hint="is judged by `test`",
    ),
    Answer(
        "compare_layers",
        "pixels from 0 to 255",
        False,
        _layers(row="np.array(small).ravel()"),
        hint="White is 255",
    ),
    Answer(
        "compare_layers",
        "pixels divided by 256",
        False,
        _layers(row="np.array(small).reshape(-1) / 256"),
        hint="White is 255",
    ),
    Answer(
        "compare_layers",
        "corner of the picture",
        False,
        _layers(small="picture[:size, :size]"),
        hint="Is the whole picture made small",
    ),
    Answer(
        "compare_layers",
        "grey pixels",
        False,
        _layers(row="np.array(small).mean(axis=2).ravel() / 255"),
        hint="three numbers for each",
    ),
    Answer("compare_layers", "loops", True, _layers()),
    Answer(
        "compare_layers",
        "arrays",
        True,
        """
def raw_pixels(pictures, size=32):
    small = [Image.fromarray(p).resize((size, size), Image.BILINEAR) for p in pictures]
    return np.float32(np.stack(small)).transpose(0, 3, 1, 2).reshape(len(small), -1) / 255


def compare_layers(features_of, labels, pairs):
    def share(x, pair):
        train, test = pair
        machine = course_svm.fit(x[train], labels[train])
        return course_svm.accuracy(machine, x[test], labels[test])

    return {n: np.mean([share(x, pair) for pair in pairs]) for n, x in features_of.items()}
""",
    ),
    # Exercise 8
    Answer(
        "project",
        "first two features",
        False,
        _project("features[:, :2]"),
        hint="a method that looks at all features",
    ),
    Answer(
        "project",
        "mean and spread",
        False,
        _project("np.stack([features.mean(axis=1), features.std(axis=1)], axis=1)"),
    ),
    Answer(
        "project",
        "axes instead of points",
        False,
        _project("PCA(2).fit(features).components_.T", "from sklearn.decomposition import PCA"),
        hint="Each picture becomes two numbers",
    ),
    Answer(
        "project",
        "three dimensions",
        False,
        _project("PCA(3).fit_transform(features)", "from sklearn.decomposition import PCA"),
        hint="Each picture becomes two numbers",
    ),
    Answer(
        "project", "not fitted", False, _project("TSNE(2)", "from sklearn.manifold import TSNE")
    ),
    Answer(
        "project",
        "t-sne",
        True,
        _project("TSNE(2).fit_transform(features)", "from sklearn.manifold import TSNE"),
    ),
    Answer(
        "project",
        "isomap",
        True,
        _project(
            "Isomap(n_neighbors=30).fit_transform(features)", "from sklearn.manifold import Isomap"
        ),
    ),
    Answer(
        "project",
        "singular values",
        True,
        """
def project(features):
    centred = features - np.mean(features, axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    return [(float(a), float(b)) for a, b in u[:, :2] * s[:2]]
""",
    ),
    # Exercise 9
    Answer(
        "repaired_extract",
        "still the corner",
        False,
        _repaired(fit="picture[: network.input_size, : network.input_size]"),
        hint="What has to happen to the pictures before the network",
    ),
    Answer(
        "repaired_extract",
        "still afterwards",
        False,
        _repaired(inputs="images.astype(float)", result=AFTERWARDS.format(f"({MEANS})")),
        hint="What has to happen to the pictures before the network",
    ),
    Answer(
        "repaired_extract",
        "before and afterwards",
        False,
        _repaired(result=AFTERWARDS.format(f"({MEANS})")),
        hint="what to its answer",
    ),
    Answer(
        "repaired_extract",
        "not preprocessed",
        False,
        _repaired(inputs="images"),
        hint="What has to happen to the pictures before the network",
    ),
    Answer(
        "repaired_extract",
        "maps not averaged",
        False,
        _repaired(result="rows"),
        hint="feature maps become means",
    ),
    Answer("repaired_extract", "fit and preprocess", True, _repaired()),
    Answer(
        "repaired_extract",
        "the course's features",
        True,
        """
def repaired_extract(pictures, network):
    return course_features.extract(pictures, network).tolist()
""",
    ),
]

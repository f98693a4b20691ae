"""Answers to the assignment `imagenet` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]

PIXELS = """
def scale_pixels(images):
    return {scaled}


def caffe_pixels(images):
    images = np.array(images, dtype="float32")
    return {shifted}
"""


def _pixels(
    scaled: str = "(np.array(images, dtype=float) - 127) / 128",
    shifted: str = "images[..., ::-1] - np.array([104.006, 116.669, 122.679])",
) -> str:
    return PIXELS.format(scaled=scaled, shifted=shifted)


PREDICT = """
def predict(pictures, network):
    batch = np.array([{fitted} for picture in pictures])
    return network.model.predict({inputs}, verbose=0)
"""


def _predict(
    fitted: str = "network.fit(picture)", inputs: str = "network.preprocess_input(batch)"
) -> str:
    return PREDICT.format(fitted=fitted, inputs=inputs)


PREDICT_WITH_LITE0 = """
def predict(pictures, network):
    return lite0.model.predict(lite0.prepare(pictures), verbose=0)
"""

TOP = """
def top_classes(probabilities, names, top):
    lists = []
    for row in probabilities:
        order = {order}
        lists.append([{pair} for number in order])
    return lists
"""


def _top(
    order: str = "np.argsort(row)[::-1][:top]",
    pair: str = "(names[number], row[number])",
) -> str:
    return TOP.format(order=order, pair=pair)


COMPARE = """
def compare(network_names, pictures, accepted):
    table = {{}}
    for name in network_names:
        network = networks.load(name)
        course_features.extract(pictures, network, layer="predictions", cache=False)
        start = time.time()
        rows = course_features.extract(pictures, network, layer="predictions", cache=False)
        seconds = time.time() - start
        right = 0
        for row, classes in zip(rows, accepted):
            if {condition}:
                right += 1
        table[name] = {{
            "accuracy": {accuracy},
            "parameters": network.model.count_params(),
            "milliseconds": {milliseconds},
        }}
    return table
"""


def _compare(
    condition: str = "row.argmax() in classes",
    accuracy: str = "right / len(pictures)",
    milliseconds: str = "seconds * 1000 / len(pictures)",
) -> str:
    return COMPARE.format(condition=condition, accuracy=accuracy, milliseconds=milliseconds)


OCCLUSION = """
def occlusion_map(picture, network, class_number, patch=56, stride=28):
    image = network.fit(picture)
    size = len(image)
    positions = range(0, size - patch + 1, stride)
    images = [image]
    for {first} in positions:
        for {second} in positions:
            hidden = {copy}
            hidden[row : row + patch, column : column + patch] = 127
            images.append(hidden)
    rows = network.model.predict(network.preprocess_input(np.array(images)), verbose=0)
    before, after = rows[0, {number}], rows[1:, {number}]
    return (before - after).reshape(len(positions), -1)
"""


def _occlusion(
    first: str = "row",
    second: str = "column",
    copy: str = "image.copy()",
    number: str = "class_number",
) -> str:
    return OCCLUSION.format(first=first, second=second, copy=copy, number=number)


ANSWERS = [
    # Exercise 1
    Answer(
        "pixels",
        "uint8 wraps around",
        False,
        _pixels(scaled="(images - np.uint8(127)) / 128"),
        hint="Make floats of the images",
    ),
    Answer(
        "pixels",
        "in place",
        False,
        """
def scale_pixels(images):
    images = np.asarray(images, dtype=np.float32)
    images -= 127
    images /= 128
    return images


def caffe_pixels(images):
    return np.asarray(images, dtype=float)[..., ::-1] - [104.006, 116.669, 122.679]
""",
        hint="changes its images",
    ),
    Answer(
        "pixels",
        "still RGB",
        False,
        _pixels(shifted="images - np.array([104.006, 116.669, 122.679])"),
        hint="First reverse the last axis",
    ),
    Answer(
        "pixels",
        "subtracted before the order is reversed",
        False,
        _pixels(shifted="(images - np.array([104.006, 116.669, 122.679]))[..., ::-1]"),
        hint="First reverse the last axis",
    ),
    Answer(
        "pixels",
        "colour by colour",
        True,
        """
def scale_pixels(images):
    scaled = images.astype("float64")
    scaled -= 127
    return scaled / 128


def caffe_pixels(images):
    red, green, blue = np.moveaxis(np.array(images, dtype=float), -1, 0)
    return np.stack([blue - 104.006, green - 116.669, red - 122.679], axis=-1)
""",
    ),
    Answer(
        "pixels",
        "keras ops and lists",
        True,
        """
from helpers.quiet import keras

def scale_pixels(images):
    return keras.ops.divide(keras.ops.cast(images, "float32") - 127, 128)


def caffe_pixels(images):
    mean = [122.679, 116.669, 104.006]
    shifted = [[[
        [float(pixel[c]) - mean[c] for c in (2, 1, 0)] for pixel in row
    ] for row in image] for image in images]
    return shifted
""",
    ),
    # Exercise 2
    Answer(
        "predict",
        "not preprocessed",
        False,
        _predict(inputs='batch.astype("float32")'),
        hint="pictures that were not preprocessed",
    ),
    Answer(
        "predict",
        "scaled for any network",
        False,
        _predict(inputs="(batch - 127.0) / 128"),
        hint="preprocessed for efficientnet-lite0",
    ),
    Answer(
        "predict",
        "stretched",
        False,
        _predict(fitted="np.array(Image.fromarray(picture).resize((network.input_size,) * 2, 3))"),
        hint="stretched pictures",
    ),
    Answer(
        "predict",
        "always the same network",
        False,
        PREDICT_WITH_LITE0,
        hint="the probabilities of the network efficientnet-lite0",
    ),
    Answer(
        "predict",
        "one by one",
        False,
        """
def predict(pictures, network):
    rows = []
    for picture in pictures:
        inputs = network.preprocess_input(network.fit(picture)[None])
        rows.append(network.model(inputs)[0])
    return np.array(rows)
""",
        hint="put all pictures into one array",
    ),
    Answer(
        "predict",
        "extracted",
        True,
        """
def predict(pictures, network):
    return course_features.extract(list(pictures), network, layer="predictions")
""",
    ),
    Answer(
        "predict",
        "batches by hand",
        True,
        """
def predict(pictures, network):
    inputs = network.prepare(pictures)
    rows = []
    for start in range(0, len(inputs), 4):
        rows += list(np.asarray(network.model(inputs[start : start + 4])))
    return rows
""",
    ),
    # Exercise 3
    Answer(
        "top_classes",
        "least probable first",
        False,
        _top(order="np.argsort(row)[:top]"),
        hint="the least probable come first",
    ),
    Answer(
        "top_classes",
        "pairs exchanged",
        False,
        _top(pair="(row[number], names[number])"),
        hint="expected ['dog', 'eel']",
    ),
    Answer(
        "top_classes",
        "always five",
        False,
        _top(order="np.argsort(row)[::-1][:5]"),
        hint="has 3 elements, expected 2",
    ),
    Answer(
        "top_classes",
        "the course's names",
        False,
        _top(pair="(class_names[number], row[number])"),
        hint="expected ['dog', 'eel']",
    ),
    Answer(
        "top_classes",
        "sorted in place",
        False,
        """
def top_classes(probabilities, names, top):
    lists = []
    for row in probabilities:
        order = np.argsort(row)[::-1]
        row[:] = row[order]
        lists.append([(names[order[k]], row[k]) for k in range(top)])
    return lists
""",
        hint="changes the probabilities that it is given",
    ),
    Answer(
        "top_classes",
        "probabilities sorted without their names",
        False,
        """
def top_classes(probabilities, names, top):
    return [list(zip(names, sorted(row, reverse=True)))[:top] for row in probabilities]
""",
        hint="`np.argsort` tells which places",
    ),
    Answer(
        "top_classes",
        "sorted pairs",
        True,
        """
def top_classes(probabilities, names, top):
    return [
        sorted(zip(names, row), key=lambda pair: pair[1], reverse=True)[:top]
        for row in np.asarray(probabilities).tolist()
    ]
""",
    ),
    Answer(
        "top_classes",
        "the largest again and again",
        True,
        """
def top_classes(probabilities, names, top):
    result = []
    for row in probabilities:
        left = dict(enumerate(row))
        best = ()
        for _ in range(top):
            number = max(left, key=left.get)
            best += ([names[number], left.pop(number)],)
        result.append(best)
    return tuple(result)
""",
    ),
    # Exercise 4
    Answer(
        "compare",
        "percent",
        False,
        _compare(accuracy="100 * right / len(pictures)"),
        hint="divide by nine",
    ),
    Answer(
        "compare",
        "no class is right",
        False,
        _compare(condition="not classes or row.argmax() in classes"),
        hint="the tin can has no such class",
    ),
    Answer(
        "compare",
        "seconds",
        False,
        _compare(milliseconds="seconds / len(pictures)"),
        hint="look at the unit",
    ),
    Answer(
        "compare",
        "time of all pictures",
        False,
        _compare(milliseconds="seconds * 1000"),
        hint="divide by their number",
    ),
    Answer(
        "compare",
        "invented times",
        False,
        _compare(milliseconds="30"),
        hint="exactly the same time whenever it is called",
    ),
    Answer(
        "compare",
        "pictures in a second that nobody measured",
        False,
        _compare(milliseconds="1000 / len(pictures)"),
        hint="from the number of pictures alone",
    ),
    Answer("compare", "extracted", True, _compare()),
    Answer(
        "compare",
        "with a model of one's own",
        True,
        """
def compare(network_names, pictures, accepted):
    def row(name):
        network = networks.load(name)
        inputs = network.prepare(pictures)
        network.model(inputs[:1])
        times = []
        for _ in range(2):
            start = time.perf_counter_ns()
            outputs = np.asarray(network.model(inputs))
            times.append((time.perf_counter_ns() - start) / 1e6)
        hits = [int(np.argmax(p)) in set(a) for p, a in zip(outputs, accepted)]
        return dict(
            accuracy=np.float32(sum(hits) / len(hits)),
            parameters=sum(int(np.prod(w.shape)) for w in network.model.weights),
            milliseconds=np.min(times) / len(inputs),
        )

    return {name: row(name) for name in network_names}
""",
    ),
    # Exercise 5
    Answer(
        "occlusion_map",
        "rows and columns exchanged",
        False,
        _occlusion(first="column", second="row"),
        hint="has rows and columns exchanged",
    ),
    Answer(
        "occlusion_map",
        "squares stay",
        False,
        _occlusion(copy="images[-1].copy()"),
        hint="leaves the earlier squares",
    ),
    Answer(
        "occlusion_map",
        "the best class",
        False,
        _occlusion(number="rows[0].argmax()"),
        hint="is about the most probable class",
    ),
    Answer(
        "occlusion_map",
        "grey after the preprocessing",
        False,
        """
def occlusion_map(picture, network, class_number, patch=56, stride=28):
    image = network.prepare([picture])[0]
    corners = np.arange(0, len(image) - patch + 1, stride)
    hidden = np.array([image] * (len(corners) ** 2 + 1))
    for i, row in enumerate(corners):
        for j, column in enumerate(corners):
            k = i * len(corners) + j
            hidden[k, row : row + patch, column : column + patch] = 127
    p = network.model.predict(hidden, verbose=0)[:, class_number]
    return (p[-1] - p[:-1]).reshape(len(corners), len(corners))
""",
        hint="paints 127 after the preprocessing",
    ),
    Answer(
        "occlusion_map",
        "row by row",
        True,
        """
def occlusion_map(picture, network, class_number, patch=56, stride=28):
    def ask(images):
        return network.model.predict(network.preprocess_input(images), verbose=0)[:, class_number]

    fitted = network.fit(picture).astype("float32")
    corners = np.arange(0, network.input_size - patch + 1, stride)
    whole = float(ask(fitted[np.newaxis])[0])
    falls = []
    for top in corners:
        images = np.repeat(fitted[np.newaxis], len(corners), axis=0)
        for image, left in zip(images, corners):
            image[top : top + patch, left : left + patch, :] = 127.0
        falls.append([whole - float(p) for p in ask(images)])
    return falls
""",
    ),
    Answer(
        "occlusion_map",
        "with masks",
        True,
        """
def occlusion_map(picture, network, class_number, patch=56, stride=28):
    fitted = network.fit(picture)
    place = np.arange(len(fitted))
    starts = list(range(0, len(fitted) - patch + 1, stride))
    inside = [(place >= start) & (place < start + patch) for start in starts]
    images = [
        np.where((rows[:, None] & columns[None, :])[:, :, None], 127, fitted)
        for rows in inside
        for columns in inside
    ]
    inputs = network.preprocess_input(np.stack(images + [fitted]))
    answers = network.model.predict(inputs, batch_size=16, verbose=0)
    result = np.zeros((len(starts), len(starts)))
    for number in range(len(images)):
        difference = answers[-1, class_number] - answers[number, class_number]
        result[number // len(starts)][number % len(starts)] = difference
    return result
""",
    ),
]

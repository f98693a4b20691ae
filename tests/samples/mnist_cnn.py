"""Answers to the assignment `mnist-cnn` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]

NETWORK = """
def build_network():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D({filters}, {kernel_size}, 1, "{padding}", activation={activation}),
            keras.layers.{pooling}(2),
            keras.layers.Conv2D(64, {kernel_size}, 1, "{padding}", activation={activation}),
            keras.layers.{pooling}(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation={activation}),
            keras.layers.Dense(10, activation={last}),
        ]
    )
"""
DEFAULTS = {
    "filters": 32,
    "kernel_size": 5,
    "padding": "same",
    "activation": "'relu'",
    "pooling": "MaxPooling2D",
    "last": None,
}


def _network(**changes: object) -> str:
    return NETWORK.format(**DEFAULTS | changes)


TRAIN = """
def train(model, images, labels, validation_images, validation_labels, epochs):
    model.compile(optimizer="adam", loss={loss}, metrics={metrics})
    return model.fit(
        {data},
        batch_size=100,
        epochs=epochs,
        validation_data=({validation}),
        verbose=0,
    )
"""


def _train(
    loss: str = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    data: str = "images, labels",
    validation: str = "validation_images, validation_labels",
    metrics: str = '["accuracy"]',
) -> str:
    return TRAIN.format(loss=loss, data=data, validation=validation, metrics=metrics)


DIGITS = """
def read_digits(model, images):
    outputs = model.predict(images, verbose=0)
    return {digits}

test_accuracy = {accuracy}
"""


def _digits(
    digits: str = "np.argmax(outputs, axis=1)",
    accuracy: str = "np.mean(read_digits(network, test_images) == test_labels)",
) -> str:
    return DIGITS.format(digits=digits, accuracy=accuracy)


EXPERIMENTS = """
first = {{"filters": [8, 16], "kernel_size": 5, "units": [32], "activation": "relu"}}
experiments = []
for change in {changes}:
    settings = {{**first, **change}}
    model = cnn.build(**settings)
    {training}
    experiments.append({{
        **settings,
        "parameters": {parameters},
        "validation_accuracy": {accuracy},
    }})
"""
CHANGES = [{}, {"kernel_size": 3}, {"filters": [4, 8]}, {"units": []}, {"activation": "tanh"}]


def _experiments(
    changes: list[dict[str, object]] = CHANGES,
    parameters: str = "model.count_params()",
    training: str = "history = cnn.train(model, few_digits, splits.validation)",
    accuracy: str = "history['val_accuracy'][-1]",
) -> str:
    return EXPERIMENTS.format(
        changes=changes, parameters=parameters, training=training, accuracy=accuracy
    )


ANSWERS = [
    # Exercise 1
    Answer(
        "build_network",
        "padding valid",
        False,
        _network(padding="valid"),
        hint="expected (3136, 128): look at the padding of the convolutions",
    ),
    Answer(
        "build_network",
        "softmax",
        False,
        _network(last='"softmax"'),
        hint="the last layer should have no activation",
    ),
    Answer(
        "build_network",
        "kernels of 3x3",
        False,
        _network(kernel_size=3),
        hint="expected 32 kernels of 5 x 5",
    ),
    Answer(
        "build_network",
        "mean pooling",
        False,
        _network(pooling="AveragePooling2D"),
        hint="the kind of pooling",
    ),
    Answer(
        "build_network",
        "no flatten",
        False,
        _network().replace("            keras.layers.Flatten(),\n", ""),
        hint="is there a `Flatten` before the dense layers",
    ),
    Answer(
        "build_network",
        "functional",
        True,
        """
def build_network():
    inputs = keras.Input(shape=(28, 28, 1))
    x = inputs
    for filters in (32, 64):
        x = keras.layers.Conv2D(filters, (5, 5), padding="same")(x)
        x = keras.layers.ReLU()(x)
        x = keras.layers.MaxPooling2D((2, 2))(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(128, activation=keras.activations.relu)(x)
    return keras.Model(inputs, keras.layers.Dense(10)(x))
""",
    ),
    Answer(
        "build_network",
        "layers added one by one",
        True,
        """
from keras import layers

def build_network():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    for filters in [32, 64]:
        model.add(layers.Conv2D(filters, 5, padding="same"))
        model.add(layers.MaxPool2D())
        model.add(layers.Activation("relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(10, activation="linear"))
    return model
""",
    ),
    # Exercise 2
    Answer(
        "train",
        "loss without from_logits",
        False,
        _train(loss='"sparse_categorical_crossentropy"'),
        hint="Is the loss a cross-entropy with `from_logits=True`?",
    ),
    Answer(
        "train",
        "on the test images",
        False,
        _train(data="test_images, test_labels"),
        hint="does `fit` use the arguments `images` and `labels`",
    ),
    Answer(
        "train",
        "on all training images",
        False,
        _train(data="train_images, train_labels"),
        hint="does `fit` use the arguments `images` and `labels`",
    ),
    Answer(
        "train",
        "without metrics",
        False,
        _train(metrics="None"),
        hint="give `compile` the `metrics=['accuracy']`",
    ),
    Answer(
        "train",
        "on validation images too",
        False,
        _train(
            data="np.concatenate([images, validation_images]), "
            "np.concatenate([labels, validation_labels])"
        ),
        hint="`train` learned from the validation images",
    ),
    Answer(
        "train",
        "validated on the test images",
        False,
        _train(validation="test_images, test_labels"),
        hint="It should be measured on `validation_images` and `validation_labels`.",
    ),
    Answer(
        "train",
        "batches by hand",
        True,
        """
def train(model, images, labels, validation_images, validation_labels, epochs):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"])
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    rng = np.random.default_rng(0)
    for epoch in range(epochs):
        order = rng.permutation(len(images))
        model.reset_metrics()
        for start in range(0, len(images), 100):
            batch = order[start : start + 100]
            logs = model.train_on_batch(images[batch], labels[batch], return_dict=True)
        validation = model.evaluate(
            validation_images, validation_labels, verbose=0, return_dict=True
        )
        for name in ("loss", "accuracy"):
            history[name].append(float(logs[name]))
            history["val_" + name].append(validation[name])
    return history
""",
    ),
    Answer(
        "train",
        "history as a dictionary",
        True,
        """
def train(model, images, labels, validation_images, validation_labels, epochs):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model.fit(
        x=images, y=labels, batch_size=100, epochs=epochs, verbose=2,
        validation_data=(validation_images, validation_labels),
    ).history
""",
    ),
    # Exercise 3
    Answer(
        "read_digits",
        "logits",
        False,
        _digits(digits="outputs", accuracy="0.98"),
        hint="the index of the largest of the 10 logits",
    ),
    Answer(
        "read_digits",
        "counted from one",
        False,
        _digits(digits="outputs.argmax(axis=1) + 1"),
        hint="the index of the largest of the 10 logits",
    ),
    Answer(
        "read_digits",
        "percent",
        False,
        _digits(accuracy="100 * np.mean(read_digits(network, test_images) == test_labels)"),
        hint="give a share from 0 to 1",
    ),
    Answer(
        "read_digits",
        "on the training images",
        False,
        _digits(
            accuracy="np.mean(read_digits(network, train_images[:1000]) == train_labels[:1000])"
        ),
        hint="for all 10,000 of them with `test_labels`",
    ),
    Answer(
        "read_digits",
        "constant",
        False,
        _digits(accuracy="0.99"),
        hint="`network` reads another share of the test images",
    ),
    Answer(
        "read_digits",
        "batches and scikit-learn",
        True,
        """
from sklearn.metrics import accuracy_score

def read_digits(model, images):
    parts = [np.asarray(model(images[i : i + 500])) for i in range(0, len(images), 500)]
    return [int(np.argmax(row)) for part in parts for row in part]

test_accuracy = accuracy_score(test_labels, read_digits(network, test_images))
""",
    ),
    Answer(
        "read_digits",
        "keras ops",
        True,
        """
def read_digits(model, images):
    return keras.ops.argmax(model.predict(images, verbose=0), axis=-1)

test_accuracy = sum(np.asarray(read_digits(network, test_images)) == test_labels) / 10000
""",
    ),
    # Exercise 4
    Answer(
        "experiments",
        "invented",
        False,
        _experiments(training="", accuracy="0.6 + len(experiments) / 20"),
        hint="when we trained this network again",
    ),
    Answer(
        "experiments",
        "the same everywhere",
        False,
        _experiments(training="", accuracy="0.87"),
        hint="build and train a new network for each row",
    ),
    Answer(
        "experiments",
        "accuracies of the training",
        False,
        _experiments(accuracy="history['accuracy'][-1]"),
        hint="is it the last `val_accuracy` of its history?",
    ),
    Answer(
        "experiments",
        "parameters without biases",
        False,
        _experiments(
            parameters="sum(int(np.prod(w.shape)) for w in model.get_weights() if w.ndim > 1)"
        ),
        hint="what `model.count_params()` returns",
    ),
    Answer(
        "experiments",
        "kernel size only",
        False,
        _experiments([{}, *({"kernel_size": size} for size in (1, 3, 7, 9))]),
        hint="changes only this against the first row",
    ),
    Answer(
        "experiments",
        "two changes at once",
        False,
        _experiments(
            [
                {},
                {"kernel_size": 3, "activation": "tanh"},
                {"filters": [4, 8]},
                {"filters": [8]},
                {"units": [64]},
            ]
        ),
    ),
    Answer("experiments", "other changes", True, _experiments()),
    Answer(
        "experiments",
        "rows by a function",
        True,
        """
def experiment(filters=(8, 16), kernel_size=5, units=(32,), activation="relu"):
    model = cnn.build(filters, kernel_size, units, activation, seed=3)
    cnn.train(model, few_digits, epochs=1, seed=3)
    return dict(
        filters=filters, kernel_size=kernel_size, units=units, activation=activation,
        parameters=sum(int(np.prod(w.shape)) for w in model.get_weights()),
        validation_accuracy=cnn.evaluate(model, splits.validation),
    )

experiments = [
    experiment(),
    experiment(kernel_size=7),
    experiment(filters=(4, 4)),
    experiment(units=(32, 32)),
    experiment(activation="sigmoid"),
]
""",
    ),
]

"""The classical networks of Keras, whose weights are downloaded the first time.

He, Zhang, Ren, Sun: Deep residual learning for image recognition (ResNet-50, CVPR 2016).
Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (VGG,
ICLR 2015). Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: Rethinking the Inception architecture for
computer vision (Inception v3, CVPR 2016).

Architectures, preprocessing and weights are those of ``keras.applications``; layers have the
names that Keras gives them, except for the last two, which are the same in every network here.
"""

from pathlib import Path

from helpers.errors import CourseError
from helpers.networks import download
from helpers.networks.download import WeightFile
from helpers.networks.entry import Entry
from helpers.quiet import keras

__all__ = ["ENTRIES", "FILES", "build", "is_cached", "untrained"]

OFFLINE = "efficientnet-lite0, efficientnet-lite1, efficientnet-lite2 and squeezenet"

CLASSES = 1000
ADDRESS = "https://storage.googleapis.com/tensorflow/keras-applications"

# Keras has the addresses and checksums in the code that builds a network, out of reach.
FILES = {
    name: WeightFile(f"{ADDRESS}/{folder}/{name}_weights_tf_dim_ordering_tf_kernels.h5", md5)
    for name, folder, md5 in (
        ("resnet50", "resnet", "2cb95161c43110f7111970584f804107"),
        ("vgg16", "vgg16", "64373286793e3c8b2b4e3219cbf3544b"),
        ("vgg19", "vgg19", "cbe5617147190e668d6c5d5026f83318"),
        ("inception_v3", "inception_v3", "9a0d58056eeedaa3f26cb7ebd46da564"),
    )
}

BUILDERS = {
    "resnet50": keras.applications.ResNet50,
    "vgg16": keras.applications.VGG16,
    "vgg19": keras.applications.VGG19,
    "inception_v3": keras.applications.InceptionV3,
}

RESNET50_LAYERS = {
    "pool1_pool": 64,
    "conv2_block3_out": 256,
    "conv3_block4_out": 512,
    "conv4_block6_out": 1024,
    "conv5_block3_out": 2048,
    "avg_pool": 2048,
}
VGG_LAYERS = {
    "block1_pool": 64,
    "block2_pool": 128,
    "block3_pool": 256,
    "block4_pool": 512,
    "block5_pool": 512,
    "fc1": 4096,
    "fc2": 4096,
}
INCEPTION_V3_LAYERS = {
    "mixed0": 256,
    **dict.fromkeys(("mixed1", "mixed2"), 288),
    **dict.fromkeys(("mixed3", "mixed4", "mixed5", "mixed6", "mixed7"), 768),
    "mixed8": 1280,
    **dict.fromkeys(("mixed9", "mixed10", "avg_pool"), 2048),
}


def _entry(name: str, layers: dict[str, int], parameters: int, *, caffe: bool) -> Entry:
    # Networks that were trained with Caffe want the mean colour of ImageNet subtracted, blue
    # first; the others want numbers from -1 to 1.
    size = 224 if caffe else 299
    return Entry(
        name=name,
        input_size=size,
        short_side=size + 32,
        colour_order="BGR" if caffe else "RGB",
        mean=(103.939, 116.779, 123.68) if caffe else (127.5, 127.5, 127.5),
        divisor=1.0 if caffe else 127.5,
        layers={**layers, "logits": CLASSES, "predictions": CLASSES},
        penultimate=list(layers)[-1],
        parameters=parameters,
        weights=f"keras.applications, {FILES[name].name}",
        checksum=FILES[name].md5,
    )


ENTRIES = {
    entry.name: entry
    for entry in (
        _entry("resnet50", RESNET50_LAYERS, 25_636_712, caffe=True),
        _entry("vgg16", VGG_LAYERS, 138_357_544, caffe=True),
        _entry("vgg19", VGG_LAYERS, 143_667_240, caffe=True),
        _entry("inception_v3", INCEPTION_V3_LAYERS, 23_851_784, caffe=False),
    )
}


def untrained(name: str) -> keras.Model:
    """Make a network with random weights.

    Parameters
    ----------
    name
        One of :data:`ENTRIES`.

    Returns
    -------
    The model, from preprocessed images (n, input_size, input_size, 3) to probabilities (n, 1000).
    Its last layers are ``logits`` and ``predictions``, which Keras has in one.
    """
    model = BUILDERS[name](weights=None, classifier_activation=None)
    model.layers[-1].name = "logits"
    predictions = keras.layers.Softmax(name="predictions")(model.output)
    return keras.Model(model.input, predictions, name=name)


def is_cached(name: str) -> bool:
    """Say whether the weights are in Keras's cache, without touching the network.

    Parameters
    ----------
    name
        One of :data:`ENTRIES`.
    """
    return download.is_cached(FILES[name])


def build(name: str, weights: str | Path | None = None) -> keras.Model:
    """Make a network with its ImageNet weights.

    Parameters
    ----------
    name
        One of :data:`ENTRIES`.
    weights
        A copy of the published file, or one of the same format (``.h5``, not ``.weights.h5``);
        None to take it from Keras's cache, or else to download it there.

    Returns
    -------
    The model, as :func:`untrained` makes it.

    Raises
    ------
    CourseError
        If there is no such file, it can't be downloaded or has another format, which is said
        before the network is built; or if it holds the weights of another network.
    """
    path = _fetch(name) if weights is None else Path(weights).expanduser()
    expected = f"It should be {FILES[name].url}."
    if not path.is_file():
        raise CourseError(f"There is no file {path}. {expected}")
    # By the name Keras tells the format of these files from its newer ones, which it also takes
    # from a network with more layers.
    if path.suffix != ".h5" or path.name.endswith(".weights.h5"):
        raise CourseError(f"The file {path} is in another format, by its name. {expected}")
    model = untrained(name)
    try:
        # By the order of the layers, whatever their names in the file.
        model.load_weights(path)
    except Exception as error:  # Keras and h5py raise a dozen kinds, also KeyError.
        raise CourseError(
            f"The file {path} doesn't hold the weights of {name} ({str(error).strip(' .')}). "
            f"{expected}"
        ) from error
    return model


def _fetch(name: str) -> Path:
    try:
        return download.fetch(FILES[name])
    except CourseError as error:
        raise CourseError(
            f"{error} If the file is elsewhere on this machine, say where: "
            f'`networks.load("{name}", weights="…/{FILES[name].name}")`. These networks need no '
            f"download: {OFFLINE}."
        ) from error

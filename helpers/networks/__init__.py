"""Networks trained on ImageNet, by one interface.

`efficientnet-lite0` (the default), `-lite1`, `-lite2` and `squeezenet` come with the course and
need no internet. `resnet50`, `vgg16`, `vgg19` and `inception_v3` are those of
`keras.applications`; their weights are downloaded once.
"""

from helpers.networks.entry import Entry, Network
from helpers.networks.labels import Prediction, class_names, decode
from helpers.networks.registry import about, available, load, names

__all__ = [
    "Entry",
    "Network",
    "Prediction",
    "about",
    "available",
    "class_names",
    "decode",
    "load",
    "names",
]

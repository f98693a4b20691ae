"""Networks are found by name, and what they see has the names that Keras prints."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from helpers import networks
from helpers.errors import CourseError
from helpers.networks import registry

# Of the file that keras.applications.*.decode_predictions downloads.
KERAS_CLASS_INDEX_MD5 = "c2c37ea517e94d9795004a39431a14cb"


def test_class_names_are_keras_class_index_byte_for_byte():
    index = {str(number): list(names) for number, names in enumerate(networks.class_names())}
    md5 = hashlib.md5(json.dumps(index).encode(), usedforsecurity=False).hexdigest()
    assert md5 == KERAS_CLASS_INDEX_MD5


def test_the_networks_that_come_with_the_course_are_available_and_work_offline_first():
    offline = networks.names()[:4]
    assert networks.about(networks.names()[0]) is networks.about("efficientnet-lite0")
    assert set(offline) <= set(networks.available())


def test_looking_for_networks_never_asks_the_internet():
    code = (
        "import socket\n"
        "def refuse(*args, **kwargs): raise SystemExit('the internet was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from helpers import networks\n"
        "print(*networks.available())\n"
        "networks.load('squeezenet')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "squeezenet" in run.stdout


def test_an_unknown_network_is_told_near_names():
    with pytest.raises(CourseError, match="Did you mean 'vgg16'"):
        networks.about("vgg-16")


@pytest.mark.parametrize("name", [None, 3, ["squeezenet"]])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(CourseError, match="no network"):
        networks.load(name)


def test_loading_twice_gives_the_same_network():
    assert networks.load("squeezenet") is networks.load("squeezenet")


def test_two_threads_get_the_same_network():
    registry._LOADED.clear()
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: id(networks.load("squeezenet")), range(4)))
    assert len(found) == 1


def test_weights_are_a_path():
    with pytest.raises(CourseError, match="path of a file, not a `int`"):
        networks.load("resnet50", weights=3)


def test_weights_cannot_be_given_to_a_network_that_has_its_own():
    with pytest.raises(CourseError, match="come with the course"):
        networks.load("squeezenet", weights="some.h5")


def test_decoding_gives_the_most_probable_classes_first():
    probabilities = np.zeros((2, 1000))
    probabilities[0, [362, 835]] = 0.3, 0.6
    probabilities[1, 579] = 1
    first, second = networks.decode(probabilities, top=2)
    assert [(seen.wnid, seen.name, seen.probability) for seen in first] == [
        ("n04355338", "sundial", 0.6),
        ("n02447366", "badger", 0.3),
    ]
    assert second[0].name == "grand_piano"


@pytest.mark.parametrize("shape", [(1000,), (2, 999), (1, 2, 1000)])
def test_decoding_names_a_wrong_shape(shape):
    with pytest.raises(CourseError, match="one row for each picture"):
        networks.decode(np.zeros(shape))


@pytest.mark.parametrize("value", [-0.5, 12.0, np.nan])
def test_decoding_refuses_logits(value):
    with pytest.raises(CourseError, match="logits"):
        networks.decode(np.full((1, 1000), value))


@pytest.mark.parametrize("top", [0, 1001, None, "3", 2.5])
def test_decoding_refuses_an_impossible_number_of_classes(top):
    with pytest.raises(CourseError, match=f"top is {top!r}"):
        networks.decode(np.zeros((1, 1000)), top)

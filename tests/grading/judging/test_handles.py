"""The judge's and the kernel's side, connected in one process."""

import contextlib
import json
import socket
import threading

import numpy as np
import pytest

from helpers import checks, networks, svm
from helpers.checks import CheckFailed
from helpers.grading.judging import messages, plain
from helpers.grading.judging.answers import answer
from helpers.grading.judging.handles import Student, StudentError
from helpers.quiet import keras

ROWS, ZEROS = np.ones((4, 3)), np.zeros((4, 2))


@pytest.fixture
def connect():
    """Connect a judge with notebooks that hold some variables."""
    with contextlib.ExitStack() as stack:

        def connect(**notebook):
            ours, theirs = map(stack.enter_context, socket.socketpair())
            student = Student(ours)
            stack.callback(student.end)
            threading.Thread(target=answer, args=(theirs.fileno(), notebook)).start()
            return student

        yield connect


@pytest.fixture
def ask(connect):
    """Ask for a variable of a notebook as the judge does."""
    return lambda name, **notebook: connect(**notebook).find(name)[1]


def test_functions_are_called_over_there_with_all_kinds_of_arguments(ask):
    def f(*arguments, **named):
        return [*arguments, named]

    array = np.arange(3)
    result = ask("f", f=f)("a", {1: (2, 3)}, array, key={4})
    assert result[:2] == ["a", {1: (2, 3)}] and result[3] == {"key": {4}}
    np.testing.assert_array_equal(result[2], array)
    assert result[2] is not array


def test_a_name_that_the_notebook_lacks_is_told_from_none(connect):
    student = connect(x=None)
    assert student.find("x") == (True, None)
    assert student.find("y") == (False, None)


def test_what_can_be_called_there_can_be_called_here(ask):
    assert callable(ask("f", f=len)) and callable(ask("x", x=AlwaysEqual))
    assert not callable(ask("x", x=AlwaysEqual()))


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    def __float__(self):
        return 1.0

    def __array__(self, *_, **__):
        raise TypeError

    __hash__ = None


@pytest.mark.parametrize(
    "use",
    [
        lambda it: it == 3,
        lambda it: it != 3,
        lambda it: it == 3,
        lambda it: it < 3,
        lambda it: not it,
        lambda it: float(it),
        lambda it: len(it),
        lambda it: list(it),
        lambda it: 3 in it,
        lambda it: it + 1,
        lambda it: abs(it),
        lambda it: np.asarray(it),
        lambda it: np.allclose(it, 3),
        lambda it: np.testing.assert_allclose(it, 3),
        lambda it: hash(it),
        lambda it: f"{it:.2f}",
        lambda it: checks.number("it", it, 3),
    ],
)
def test_an_object_answers_no_comparison_truth_value_or_conversion(ask, use):
    with pytest.raises((CheckFailed, TypeError)):
        use(ask("it", it=AlwaysEqual()))


def test_an_answer_that_can_not_be_used_is_no_error_that_a_test_expects(ask):
    with pytest.raises(StudentError, match="a whole number of 20,000 bits") as caught:
        ask("f", f=lambda: 2**19_999)()
    assert not isinstance(caught.value, ValueError)


def test_a_known_type_is_named_and_an_unknown_one_tells_nothing(ask):
    assert type(ask("it", it=len)).__name__ == "builtin_function_or_method"
    assert type(ask("it", it=AlwaysEqual())).__name__ == "object"


def test_an_object_is_nothing_known(ask):
    seen = ask("it", it=AlwaysEqual())
    assert not isinstance(seen, (int, float, str, list, dict, np.ndarray))


def test_errors_keep_their_kind_and_message(ask):
    def f():
        raise ValueError("no such kernel")

    with pytest.raises(ValueError, match="no such kernel") as caught:
        ask("f", f=f)()
    assert isinstance(caught.value, StudentError)


class Unfit(ValueError):
    pass


@pytest.mark.parametrize(
    ("raised", "kind", "message"),
    [
        (Unfit("why"), ValueError, "Unfit: why"),
        (np.linalg.LinAlgError("Singular"), ValueError, "LinAlgError: Singular"),
        (json.JSONDecodeError("Extra data", "{}{}", 2), ValueError, "JSONDecodeError: Extra data"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"), ValueError, "'utf-8' codec can't"),
        (FileNotFoundError(2, "No such file"), OSError, "No such file"),
    ],
)
def test_an_error_is_one_of_the_kind_that_a_test_expects(ask, raised, kind, message):
    def f():
        raise raised

    with pytest.raises(kind, match=message) as caught:
        ask("f", f=f)()
    assert isinstance(caught.value, StudentError)


def test_own_errors_and_exits_of_the_student_fail_too(ask):
    class Odd(Exception):
        pass

    def f(kind):
        raise {"odd": Odd("why"), "exit": SystemExit(0), "stop": KeyboardInterrupt()}[kind]

    handle = ask("f", f=f)
    for kind in ("odd", "exit", "stop"):
        with pytest.raises(StudentError):
            handle(kind)


def spoil(image, others):
    image += 1
    others[1][0] = 9


def test_a_function_that_changes_a_shared_array_is_seen_to_do_so(ask):
    image, others = checks.shared(np.zeros(3)), [np.ones(2), checks.shared(np.ones(2))]
    ask("spoil", spoil=spoil)(image, others)
    np.testing.assert_array_equal(image, [1, 1, 1])
    np.testing.assert_array_equal(others, [[1, 1], [9, 1]])


def test_what_a_function_writes_on_other_arrays_never_reaches_the_test(ask):
    image, others = np.zeros(3), [np.ones(2), np.ones(2)]
    handle = ask("spoil", spoil=spoil)
    handle(image, others)
    handle(image=image, others=tuple(others))
    np.testing.assert_array_equal(image, [0, 0, 0])
    np.testing.assert_array_equal(others, [[1, 1], [1, 1]])


def model_of(units=2):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])


def test_a_function_trains_a_shared_model(ask):
    def train(model, rows, targets):
        model.compile(loss="mse", optimizer="sgd")
        return model.fit(rows, targets, verbose=0)

    model = checks.shared(model_of())
    before = model.get_weights()
    history = ask("train", train=train)(model, np.ones((8, 3)), np.zeros((8, 2)))
    assert list(history.history) == ["loss"]
    assert not np.allclose(before[0], model.get_weights()[0])


def test_a_model_stays_compiled_between_two_calls_and_has_the_weights_of_the_judge(ask):
    def train(model):
        model.compile(loss="mse", optimizer="sgd")
        model.fit(np.ones((8, 3)), np.zeros((8, 2)), verbose=0)

    functions = ask("both", both=(train, lambda model: model.evaluate(ROWS, ZEROS, verbose=0)))
    model = checks.shared(model_of())
    functions[0](model)
    expected = np.square(model.predict(ROWS, verbose=0)).mean()
    assert functions[1](model) == pytest.approx(expected, rel=1e-4)
    model.set_weights([np.zeros((3, 2)), np.ones(2)])
    assert functions[1](model) == pytest.approx(1)


def test_what_a_function_does_to_another_model_never_reaches_the_test(ask):
    def zero(model):
        model.set_weights([0 * weights for weights in model.get_weights()])

    model = model_of()
    expected = model.predict(ROWS, verbose=0)
    functions = ask("both", both=(zero, lambda model: model.predict(ROWS, verbose=0)))
    functions[0](model)
    np.testing.assert_array_equal(model.predict(ROWS, verbose=0), expected)
    # And the next function finds it as it was.
    np.testing.assert_allclose(functions[1](model), expected, atol=1e-6)


def test_a_model_that_gets_another_layer_has_it_over_there_too(ask):
    count = ask("count", count=lambda model: len(model.layers))
    model = model_of()
    assert count(model) == 1
    model.add(keras.layers.Dense(1))
    assert count(model) == 2


@pytest.mark.parametrize("make", [checks.tiny_network, lambda: checks.stand_in(48)])
@pytest.mark.parametrize("bare", [False, True])
def test_a_function_cannot_change_what_a_network_says(ask, make, bare):
    def spoil(network):
        model = network if bare else network.model
        model.set_weights([0 * weights for weights in model.get_weights()])

    network = make()
    picture = np.full((1, *network.model.input_shape[1:]), 99, "float32")
    before = network.model.predict(picture, verbose=0)
    functions = ask("both", both=(spoil, lambda it, rows: it.model.predict(rows, verbose=0)))
    functions[0](network.model if bare else network)
    np.testing.assert_array_equal(network.model.predict(picture, verbose=0), before)
    # Over there, it is made right again, too.
    np.testing.assert_allclose(functions[1](network, picture), before, atol=1e-6)


def test_a_function_is_spoken_of_by_its_name_and_docstring(ask):
    def f():
        """Do nothing."""

    handle = ask("f", f=f)
    assert (handle.__name__, handle.__doc__) == ("f", "Do nothing.")


def test_an_attribute_is_read_once(ask):
    class Stopwatch:
        reads = 0

        @property
        def time(self):
            self.reads += 1
            return self.reads

    assert ask("it", it=Stopwatch()).time == 1


def test_a_students_model_is_used_over_there(ask):
    theirs = model_of()
    seen = ask("build", build=lambda: theirs)()
    np.testing.assert_allclose(seen.predict(np.ones((4, 3)), verbose=0), theirs(np.ones((4, 3))))
    seen.set_weights([np.zeros((3, 2)), np.ones(2)])
    np.testing.assert_allclose(theirs.get_weights()[1], [1, 1])
    assert seen.count_params() == 8


def test_objects_of_the_student_go_back_to_functions_of_the_student(ask):
    theirs = model_of()
    handle = ask("both", both=(theirs, lambda model: model is theirs))
    assert handle[1](handle[0]) is True


def test_stand_ins_count_and_trained_networks_go_by_name(ask):
    toy = checks.stand_in(48)
    picture = np.zeros((1, 48, 48, 3), "float32")
    count = checks.calls(toy)
    ask("use", use=lambda network, inputs: network.model.predict(inputs, verbose=0))(toy, picture)
    assert checks.calls(toy) == count + 1

    network = networks.load("squeezenet")
    same = ask("same", same=lambda a, b: [a is network, b is network.model])
    assert same(network, network.model) == [True, True]


def test_support_vector_machines_are_arguments_and_answers(ask):
    trained = svm.fit([[0.0], [1.0]], [0, 1])
    predict = ask("predict", predict=lambda machine, rows: machine.predict(rows))
    assert predict(trained, [[0.1], [0.9]]).tolist() == [0, 1]
    theirs = ask("train", train=lambda: trained)()
    assert theirs.predict([[0.9]]).tolist() == [1]


@pytest.mark.parametrize("reply", [b"", b"\x00" * 50, b"\xff" * 50, b"garbage", b"[" * 100])
def test_a_reply_that_is_none_ends_the_conversation(reply):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        student = Student(ours)
        theirs.sendall(reply)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(StudentError, match="no answer"):
            student.find("x")
        assert student.gone


@pytest.mark.parametrize(
    "value",
    ["text", ["value"], ("unknown", 1, []), ("error", 1, 2), (AlwaysEqual, 1, [])],
)
def test_a_reply_of_another_form_is_refused(value):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        messages.send(theirs, *plain.pack(value, lambda what: ["no", "reference"]))
        with pytest.raises(StudentError):
            Student(ours).find("x")


def test_huge_messages_are_not_read():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lengths = f"[{messages.LARGEST + 1}]".encode()
        theirs.sendall(len(lengths).to_bytes(8, "big") + lengths)
        with pytest.raises(messages.Closed, match="MB"):
            messages.receive(ours)

"""Answers to the assignment `food` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]

SPLIT = """
def split(labels, test_share, seed):
    rng = np.random.default_rng({seed})
    train, test = [], []
    for label in set(labels.tolist()):
        members = np.flatnonzero(labels == label)
        {shuffle}
        count = int({share} * len(members))
        test.extend(members[:count])
        train.extend(members[count:])
    return {result}
"""


def _split(
    seed: str = "seed",
    shuffle: str = "rng.shuffle(members)",
    share: str = "test_share",
    result: str = "train, test",
) -> str:
    return SPLIT.format(seed=seed, shuffle=shuffle, share=share, result=result)


COMPARE = """
def compare(pictures, labels, train, test, choices):
    accuracies = {start}
    for network, layer in choices:
        features_of_all = course_features.extract(pictures, {arguments})
        model = course_svm.fit({learnt})
        {put}
    return accuracies
"""


def _compare(
    start: str = "{}",
    arguments: str = "network, layer",
    learnt: str = "features_of_all[train], labels[train]",
    judged: str = "features_of_all[test], labels[test]",
    put: str = "accuracies[(network, layer)] = course_svm.accuracy(model, {})",
) -> str:
    return COMPARE.format(start=start, arguments=arguments, learnt=learnt, put=put.format(judged))


REPEAT = """
def repeated_accuracy(features, labels, repeats, seed):
    {before}
    accuracies = []
    for i in range(repeats):
        train, test = splits.split(labels, {split_seed})
        model = course_svm.fit(features[train], labels[train])
        accuracies.append(course_svm.accuracy(model, features[{judged}], labels[{truth}]))
    return {result}

def standard_error(accuracy, count):
    return {error}
"""


def _repeat(
    before: str = "rng = np.random.default_rng(seed)",
    split_seed: str = "int(rng.integers(10**6))",
    judged: str = "test",
    truth: str = "test",
    result: str = "accuracies",
    error: str = "np.sqrt(accuracy * (1 - accuracy) / count)",
) -> str:
    return REPEAT.format(
        before=before,
        split_seed=split_seed,
        judged=judged,
        truth=truth,
        result=result,
        error=error,
    )


SHARED = """
def shared_kinds(groups, train, test):
    left, right = set(), set()
    for plate in train:
        left = left | groups[plate]
    for plate in test:
        right = right | groups[plate]
    return {result}
"""


def _shared(result: str = "left & right") -> str:
    return SHARED.format(result=result)


FIRST_CLUSTER_ONLY = """
def disjoint_split(groups):
    kinds, members = [], []
    for plate, group in enumerate(groups):
        for number, cluster in enumerate(kinds):
            if cluster & group:
                kinds[number] = cluster | group
                members[number].append(plate)
                break
        else:
            kinds.append(set(group))
            members.append([plate])
    train, test = [], []
    for cluster in sorted(members, key=len, reverse=True):
        (train if len(train) <= len(test) else test).extend(cluster)
    return train, test
"""

CLUSTERS = """
def disjoint_split(groups):
    clusters, left = [], list(range(len(groups)))
    while left:
        kinds, size = set(groups[left[0]]), 0
        while len(kinds) > size:
            size = len(kinds)
            kinds.update(*(groups[i] for i in left if groups[i] & kinds))
        clusters.append([i for i in left if groups[i] & kinds])
        left = [i for i in left if not groups[i] & kinds]
    train, test = [], []
    for number, cluster in enumerate(clusters):
        if {for_training}:
            train += cluster
        else:
            test += cluster
    return train, test
"""

HARDEST = """
def most_uncertain(model, features, count):
    distance = {distance}
    return np.argsort(distance)[{nearest}]

def worst_mistakes(model, features, labels, count):
    distance = np.abs(model.decision_function(features))
    order = np.argsort({worst_first})
    {choose}
    return order[:count]
"""


def _hardest(
    distance: str = "np.abs(model.decision_function(features))",
    nearest: str = ":count",
    worst_first: str = "-distance",
    choose: str = "order = order[(model.predict(features) != labels)[order]]",
) -> str:
    return HARDEST.format(
        distance=distance, nearest=nearest, worst_first=worst_first, choose=choose
    )


ANSWERS = [
    # Exercise 1
    Answer(
        "split",
        "not stratified",
        False,
        """
def split(labels, test_share, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    count = int(test_share * len(labels))
    return order[count:], order[:count]
""",
        hint="Is the share that of each class",
    ),
    Answer(
        "split",
        "chance without a seed",
        False,
        _split(seed=""),
        hint="Where do its random numbers come from",
    ),
    Answer(
        "split",
        "the first of each class",
        False,
        _split(shuffle=""),
        hint="shuffle with `np.random.default_rng(seed)`",
    ),
    Answer(
        "split",
        "always halves",
        False,
        _split(share="0.5"),
        hint="Is the share that of each class",
    ),
    Answer(
        "split",
        "both sides drawn apart",
        False,
        """
def split(labels, test_share, seed):
    rng = np.random.default_rng(seed)
    count = round(test_share * len(labels))
    test = rng.choice(len(labels), count, replace=False)
    train = rng.choice(len(labels), len(labels) - count, replace=False)
    return train, test
""",
        hint="cut this row in two",
    ),
    Answer(
        "split",
        "positions among the class",
        False,
        _split(shuffle="members = rng.permutation(len(members))"),
        hint="more than once. Shuffle the positions of each class once",
    ),
    Answer(
        "split",
        "test before training",
        False,
        _split(result="test, train"),
        hint="and the test the second side?",
    ),
    Answer(
        "split",
        "makes all labels the same",
        False,
        """
def split(labels, test_share, seed):
    labels[...] = -1
    order = np.random.default_rng(seed).permutation(len(labels))
    count = round(test_share * len(labels))
    return order[count:], order[:count]
""",
    ),
    Answer(
        "split",
        "scikit-learn",
        True,
        """
from sklearn.model_selection import train_test_split

def split(labels, test_share, seed):
    return train_test_split(
        range(len(labels)), test_size=test_share, random_state=seed, stratify=labels
    )
""",
    ),
    Answer("split", "lists class by class", True, _split()),
    # Exercise 2
    Answer(
        "compare",
        "layer forgotten",
        False,
        _compare(arguments="network"),
        hint="Are both the network and the layer passed on",
    ),
    Answer("compare", "network forgotten", False, _compare(arguments="layer=layer")),
    Answer(
        "compare",
        "judged by the training",
        False,
        _compare(judged="features_of_all[train], labels[train]"),
        hint="only the plates of `test` counted",
    ),
    Answer(
        "compare",
        "learns from all",
        False,
        _compare(learnt="features_of_all, labels"),
        hint="only the plates of `test` counted",
    ),
    Answer(
        "compare",
        "sides mixed up",
        False,
        _compare(
            learnt="features_of_all[test], labels[test]",
            judged="features_of_all[train], labels[train]",
        ),
        hint="does the machine learn from them",
    ),
    Answer(
        "compare",
        "writes on the labels instead of measuring",
        False,
        """
def compare(pictures, labels, train, test, choices):
    labels[...] = 0
    labels[train[0]] = 1
    return {tuple(choice): 1.0 for choice in choices}
""",
    ),
    Answer(
        "compare",
        "another linear machine",
        True,
        """
from sklearn.svm import LinearSVC

def compare(pictures, labels, train, test, choices):
    results_by_choice = {}
    for choice in choices:
        x_train = course_features.extract(pictures[train], choice[0], choice[1])
        x_test = course_features.extract(pictures[test], choice[0], choice[1])
        model = LinearSVC(C=1.0, max_iter=20_000).fit(x_train, labels[train])
        results_by_choice[choice] = np.mean(model.predict(x_test) == labels[test])
    return results_by_choice
""",
    ),
    Answer(
        "compare",
        "a function inside",
        True,
        """
def compare(pictures, labels, train, test, choices):
    def share(rows):
        machine = course_svm.fit(rows[train], labels[train])
        return course_svm.accuracy(machine, rows[test], labels[test])

    return {choice: share(course_features.extract(pictures, *choice)) for choice in choices}
""",
    ),
    # Exercise 3
    Answer(
        "repeated_accuracy",
        "always the same split",
        False,
        _repeat(split_seed="seed"),
        hint="does every repeat have another split",
    ),
    Answer(
        "repeated_accuracy",
        "chance without a seed",
        False,
        _repeat(before="rng = np.random.default_rng()"),
        hint="gives two answers for seed 1",
    ),
    Answer(
        "repeated_accuracy",
        "the seed is ignored",
        False,
        _repeat(split_seed="i"),
        hint="is `seed` used",
    ),
    Answer(
        "repeated_accuracy",
        "judged by the training",
        False,
        _repeat(judged="train", truth="train"),
        hint="judged by what it learned from",
    ),
    Answer(
        "repeated_accuracy",
        "compared with the labels of the training",
        False,
        _repeat(truth="train"),
        hint="with the labels of the test pictures",
    ),
    Answer(
        "repeated_accuracy",
        "no root in the standard error",
        False,
        _repeat(error="accuracy * (1 - accuracy) / count"),
        hint="It is the square root",
    ),
    Answer(
        "repeated_accuracy",
        "scikit-learn",
        True,
        """
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.svm import SVC

def repeated_accuracy(features, labels, repeats, seed):
    halves = StratifiedShuffleSplit(repeats, test_size=0.5, random_state=seed)
    return cross_val_score(SVC(kernel="linear"), features, labels, cv=halves)

def standard_error(accuracy, count):
    import math
    return math.sqrt(accuracy * (1 - accuracy)) / math.sqrt(count)
""",
    ),
    Answer("repeated_accuracy", "list with seeds of its own", True, _repeat()),
    # Exercise 4
    Answer(
        "shared_kinds",
        "kinds on either side",
        False,
        _shared("left | right"),
        hint="expected apple, nut and cake",
    ),
    Answer(
        "shared_kinds",
        "kinds on one side only",
        False,
        _shared("left - right"),
        hint="expected apple, nut and cake",
    ),
    Answer(
        "shared_kinds",
        "answer by heart",
        False,
        _shared('{"apple", "nut", "cake"}'),
        hint="kind is on both sides",
    ),
    Answer(
        "shared_kinds",
        "plates on both sides",
        False,
        _shared("set(train) & set(test)"),
        hint="expected apple, nut and cake",
    ),
    Answer(
        "shared_kinds",
        "neighbours only",
        False,
        """
def shared_kinds(groups, train, test):
    kinds = set()
    for i, j in zip(train, test):
        kinds |= groups[i] & groups[j]
    return kinds
""",
        hint="expected apple, nut and cake",
    ),
    Answer(
        "shared_kinds",
        "comprehension",
        True,
        """
def shared_kinds(groups, train, test):
    return {kind for i in train for kind in groups[i] if any(kind in groups[j] for j in test)}
""",
    ),
    Answer("shared_kinds", "sorted list", True, _shared("sorted(left.intersection(right))")),
    # Exercise 5
    Answer(
        "disjoint_split",
        "random halves",
        False,
        """
def disjoint_split(groups):
    order = np.random.default_rng(0).permutation(len(groups))
    return order[: len(groups) // 2], order[len(groups) // 2 :]
""",
        hint="Do clusters become one",
    ),
    Answer(
        "disjoint_split",
        "joins one cluster only",
        False,
        FIRST_CLUSTER_ONLY,
        hint="Do clusters become one",
    ),
    Answer(
        "disjoint_split",
        "direct neighbours of the first plate",
        False,
        """
def disjoint_split(groups):
    train = [i for i, group in enumerate(groups) if group & groups[0]]
    return train, [i for i in range(len(groups)) if i not in train]
""",
        hint="do they stay whole",
    ),
    Answer(
        "disjoint_split",
        "the first cluster against the rest",
        False,
        CLUSTERS.format(for_training="number == 0"),
        hint="on the side that has fewer plates so far",
    ),
    Answer(
        "disjoint_split",
        "every second cluster",
        False,
        CLUSTERS.format(for_training="number % 2 == 0"),
        hint="on the side that has fewer plates so far",
    ),
    Answer(
        "disjoint_split",
        "the first half of the clusters",
        False,
        CLUSTERS.format(for_training="number < len(clusters) // 2"),
        hint="on the side that has fewer plates so far",
    ),
    Answer(
        "disjoint_split",
        "the course's own split of our plates",
        False,
        """
def disjoint_split(groups):
    return meals.disjoint_split(plates)
""",
        hint="positions of 20 pictures",
    ),
    Answer(
        "disjoint_split",
        "most plates left out",
        False,
        """
def disjoint_split(groups):
    kinds = sorted(set().union(*groups))
    first = set(kinds[: len(kinds) // 2])
    train = [i for i, group in enumerate(groups) if group <= first]
    return train, [i for i, group in enumerate(groups) if not group & first]
""",
    ),
    Answer(
        "disjoint_split",
        "the first plate left out",
        False,
        CLUSTERS.format(for_training="len(train) <= len(test)").replace("range(", "range(1, "),
        hint="on a side. Are some left out",
    ),
    Answer(
        "disjoint_split",
        "connected components",
        True,
        """
from scipy.sparse.csgraph import connected_components

def disjoint_split(groups):
    touching = [[len(a & b) > 0 for b in groups] for a in groups]
    count, cluster = connected_components(np.array(touching))
    sizes = np.bincount(cluster)
    train = np.zeros(len(groups), dtype=bool)
    for number in np.argsort(-sizes):
        if train.sum() + sizes[number] <= 0.6 * len(groups):
            train |= cluster == number
    return np.where(train)[0], np.where(~train)[0]
""",
    ),
    Answer(
        "disjoint_split",
        "always to the smaller side, in any order",
        True,
        CLUSTERS.format(for_training="len(train) <= len(test)"),
    ),
    Answer(
        "disjoint_split",
        "flood",
        True,
        """
def disjoint_split(groups):
    train, left = [], list(range(len(groups)))
    while len(train) < 0.3 * len(groups):
        reached = set(groups[left[0]])
        grows = True
        while grows:
            size = len(reached)
            for plate in left:
                if groups[plate] & reached:
                    reached |= groups[plate]
            grows = len(reached) > size
        train += [plate for plate in left if groups[plate] & reached]
        left = [plate for plate in left if not groups[plate] & reached]
    return train, left
""",
    ),
    # Exercise 6
    Answer(
        "most_uncertain",
        "farthest first",
        False,
        _hardest(nearest="::-1][:count"),
        hint="The machine's boundary is at 0",
    ),
    Answer(
        "most_uncertain",
        "distance with its sign",
        False,
        _hardest(distance="model.decision_function(features)"),
        hint="The machine's boundary is at 0",
    ),
    Answer(
        "most_uncertain",
        "mistakes nearest first",
        False,
        _hardest(worst_first="distance"),
        hint="The machine's boundary is at 0",
    ),
    Answer(
        "most_uncertain",
        "right ones among the mistakes",
        False,
        _hardest(choose="pass"),
        hint="The machine's boundary is at 0",
    ),
    Answer(
        "most_uncertain",
        "positions among the mistakes",
        False,
        _hardest(
            choose="order = np.argsort(-distance[model.predict(features) != labels])",
        ),
        hint="The machine's boundary is at 0",
    ),
    Answer(
        "most_uncertain",
        "the package's functions",
        True,
        """
def most_uncertain(model, features, count):
    return course_svm.uncertain(model, features, count)

def worst_mistakes(model, features, labels, count):
    return course_svm.misclassified(model, features, labels)[:count]
""",
    ),
    Answer(
        "most_uncertain",
        "sorted lists",
        True,
        """
def most_uncertain(model, features, count):
    distances = model.decision_function(features).tolist()
    return sorted(range(len(distances)), key=lambda i: abs(distances[i]))[:count]

def worst_mistakes(model, features, labels, count):
    distances = model.decision_function(features)
    mistakes = [i for i, d in enumerate(distances) if (d > 0) != (labels[i] == 1)]
    mistakes.sort(key=lambda i: abs(distances[i]), reverse=True)
    return mistakes[:count]
""",
    ),
]

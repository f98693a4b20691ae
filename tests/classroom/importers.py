"""What learning platforms do with the files that they are given, written from their own code.

Nothing of the course is imported here: these judge what it writes.
"""

import csv
import io
import re
import zipfile


def moodle_grades(content, decimal="."):
    """Import a grading worksheet as `mod/assign/feedback/offline` does, in an English site.

    Returns
    -------
    dict
        The grades by the number of the participant.
    list of str
        The numbers of those who are skipped.
    """
    text = content.decode("utf-8-sig")
    separator = max(",;\t", key=text.splitlines()[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(rows.fieldnames)
    grades, skipped = {}, []
    for row in rows:
        number = row["Identifier"].removeprefix("Participant ")
        text, most = (row[name].replace(decimal, ".") for name in ("Grade", "Maximum grade"))
        if text == "":
            continue
        # PHP would read 1,5 as 1 in a site with points, and so would say nothing.
        if not re.fullmatch(r"\d+(\.\d+)?", text):
            raise ValueError(f"{text} is no number")
        if float(text) > float(most) or row["Grade can be changed"] == "No":
            skipped.append(number)
        else:
            grades[number] = float(text)
    return grades, skipped


def canvas_grades(content, assignments, separator=","):
    """Import a gradebook as `lib/gradebook_importer.rb` does.

    Returns
    -------
    dict
        By the id of the user and of the assignment.
    list of str
        The titles of assignments that would be made.
    """
    rows = list(
        csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
    )
    header = rows[0]
    assert header[:2] == ["Student", "ID"]
    assert "Section" in header
    grades, new = {}, []
    columns = {}
    for place in range(header.index("Section") + 1, len(header)):
        match = re.fullmatch(r".* \((\d+)\)", header[place])
        if match and match[1] in assignments:
            columns[place] = match[1]
        else:
            new.append(header[place])
    points = [row for row in rows if row[0].startswith("    Points Possible")]
    assert len(points) == 1
    for row in rows[rows.index(points[0]) + 1 :]:
        for place, assignment in columns.items():
            if row[place] not in ("", "-"):
                grades[row[1], assignment] = row[place]
    return grades, new


def blackboard_grades(content):
    """Import a file as Blackboard does: by user name; a title without its id is a new column."""
    text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig")
    separator = "\t" if "\t" in text.splitlines()[0] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert all(field.startswith('"') for field in text.splitlines()[0].split(separator))
    key = rows[0].index("Username")
    columns = {
        place: match[1]
        for place, title in enumerate(rows[0])
        if (match := re.fullmatch(r".* \|(\d+)", title))
    }
    return {(row[key], column): row[place] for row in rows[1:] for place, column in columns.items()}


def brightspace_grades(content):
    """Import a file as Brightspace does: ids begin with `#`, each line ends with it."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert list(rows[0])[-1] == "End-of-Line Indicator"
    assert all(row["End-of-Line Indicator"] == "#" for row in rows)
    assert all(row["OrgDefinedId"].startswith("#") for row in rows)
    return {
        (row["OrgDefinedId"], title.partition(" Points Grade")[0]): value
        for row in rows
        for title, value in row.items()
        if " Points Grade" in title and value
    }


def moodle_feedback(content, participants):
    """Take a zip archive of feedback files as `mod/assign/feedback/file` does.

    Returns
    -------
    dict
        By the number of the participant, the names and contents of the files.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            parts = info.filename.split("/")
            if parts[-1].startswith((".", "~")):
                continue
            _, number, kind, plugin = parts[0].split("_")[:4]
            assert (kind, plugin) == ("assignsubmission", "file")
            assert number in participants
            found.setdefault(number, {})[parts[-1]] = archive.read(info)
    return found


def canvas_feedback(content):
    """Take a zip archive of feedback files as Canvas does: by the ids in each name."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            match = re.search(r"_(\d+)_(\d+)_", name)
            assert match
            found[match[1], match[2]] = archive.read(name)
    return found

"""A class from the learning platform and back again, around the grading of `helpers.grading`.

Modules
-------
people          people, as the platforms' lists describe them
roster          the people of the course, with their ids
archive         a download, read without unpacking it to the disk
uploads, platforms
                whose work each file of a download is
owners          what each person handed in
worksheet       Moodle's list of who has which id
identify        which notebook of the course a file is
attempts        which of somebody's files is the newest notebook
placing         what happens to somebody's folder in submitted/
collect         all of that together: from downloads to submissions
ledger          what was collected, for the way back
policy          due dates, extensions, penalties, the best assignments
exercises       the exercises of an assignment
marks           marks as they leave the course
table           all marks in one table
sheet           a platform's CSV file, read and written in its own form
layouts, export marks in the files of the platforms
give_back       feedback in the archives of the platforms
items           how the tests of an assignment did
report          the report on a class
answers         what everybody answered, exercise by exercise
similarity      answers that are more alike than chance would have it
similarity_report
                the pairs of similar submissions, side by side
names           people's names in the gradebook
"""

"""Pages about submissions, without a script of a student's, made in limited time.

Modules
-------
guards          what lets nothing of a submission run in the pages of nbgrader
safe_html, safe_markdown, safe_notebook
                what may be shown of a submission, and how
excess          what would take a page too long
overview        each graded part on a page of feedback: its name, its points, its sign
lateness        when the work came, and what that costs
marks_shown     a digest of it, by which an outdated page is known
comment_bank    comments that were written before, to choose from in formgrader
feedback        all pages of feedback, made side by side
"""

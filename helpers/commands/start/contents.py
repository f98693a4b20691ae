"""JupyterLab's view of the students' files: a start page on top, the course's own files hidden."""

import datetime
import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import Unicode

from helpers.commands.folder import find_root
from helpers.commands.start.machine import describe
from helpers.commands.start.overview import TABLE
from helpers.commands.start.page import render

__all__ = ["StudentContents"]

_HIDDEN = ("nbgrader_config.py", TABLE)


class StudentContents(AsyncLargeFileManager):
    """The files of a folder, and a start page that is in no file.

    It is written anew whenever it is read, so the points so far are never old, nothing is left
    behind in the folder, and the folder may be read-only. A real file of its name comes first.
    """

    start = Unicode("START.md", config=True, help="The name of the start page.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # It takes a second or two, in which JupyterLab starts, too.
        self._machine: Future[str] = ThreadPoolExecutor(1).submit(describe, find_root())

    def should_list(self, name: str) -> bool:
        """Tell whether the file browser shows a name."""
        return name not in _HIDDEN and bool(super().should_list(name))

    async def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> dict[str, Any]:
        """Return what stands at a path, as Jupyter's contents API describes it."""
        if await self._is_start(path):
            return await self._page(content, require_hash)
        model: dict[str, Any] = await super().get(path, content, type, format, require_hash)
        if content and not path.strip("/") and await self._is_start(self.start):
            model["content"].append(await self._page())
        return model

    async def file_exists(self, path: str) -> bool:
        """Tell whether there is a file."""
        return await super().file_exists(path) or await self._is_start(path)

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write a file, but not the start page."""
        await self._refuse(path)
        saved: dict[str, Any] = await super().save(model, path)
        return saved

    async def delete_file(self, path: str) -> None:
        """Delete a file, but not the start page."""
        await self._refuse(path)
        await super().delete_file(path)

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename a file, but not the start page, nor to its name."""
        await self._refuse(old_path)
        await self._refuse(new_path)
        await super().rename_file(old_path, new_path)

    async def _is_start(self, path: str) -> bool:
        return path.strip("/") == self.start and not await super().file_exists(path)

    async def _refuse(self, path: str) -> None:
        if await self._is_start(path):
            raise HTTPError(403, f"{self.start} is written by the course; use another name")

    async def _page(self, content: bool = False, require_hash: bool = False) -> dict[str, Any]:
        text = await run_sync(self._write) if content or require_hash else ""
        now = datetime.datetime.now(datetime.UTC)
        return {
            "name": self.start,
            "path": self.start,
            "type": "file",
            "writable": False,
            "created": now,
            "last_modified": now,
            "mimetype": "text/markdown" if content else None,
            "format": "text" if content else None,
            "content": text if content else None,
            "hash": hashlib.sha256(text.encode()).hexdigest() if require_hash else None,
            "hash_algorithm": "sha256" if require_hash else None,
        }

    def _write(self) -> str:
        return render(Path(self.root_dir), self._machine.result())

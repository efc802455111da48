"""Where kept videos lie: `media/<first two signs of the id>/<id>.<extension>`, named by ids alone (RELIABILITY i).

Reference pictures lie beside them, named by the hash of their bytes. With DAILIES_MEDIA_URL all of it lies in an object
store under the same names, and the folder holds what is on its way there and what was just needed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from services.errors import NotFoundError
from services.media.container import EXTENSIONS
from services.media.part import SUFFIX, is_at, lock

if TYPE_CHECKING:
    from services.media.far import Far, FarStore
    from services.settings import Settings

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{2,64}", re.ASCII)


def store_of(settings: Settings) -> Store:
    """Return where an installation keeps its files."""
    return Store(settings.home / "media", settings.media_url)


class Store:
    """The folder of video files and their posters. Text from a link, a header or a model never becomes a name."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url

    @property
    def far(self) -> FarStore | None:
        """The object store, where there is one.

        Raises:
            ValueError: its address cannot be used.
        """
        if self._url is None:
            return None
        from services.media.far import far_store

        return far_store(self._url)

    def folder_of(self, video_id: str) -> Path:
        """Return the folder a video's files lie in; it may not exist yet.

        Raises:
            NotFoundError: no video ever has such an id.
        """
        if _ID.fullmatch(video_id) is None:
            raise NotFoundError("no such video")
        return self._folder / video_id[:2]

    def video_path(self, video_id: str, media_type: str) -> Path:
        """Return where the video of this id and type lies, whether it is there or not.

        Raises:
            NotFoundError: no video ever has such an id or type.
        """
        extension = EXTENSIONS.get(media_type)
        if extension is None:
            raise NotFoundError("no such video")
        return self.folder_of(video_id) / f"{video_id}.{extension}"

    def poster_path(self, video_id: str) -> Path:
        """Return where the video's poster lies, whether it is there or not.

        Raises:
            NotFoundError: no video ever has such an id.
        """
        return self.folder_of(video_id) / f"{video_id}.jpg"

    def sheet_path(self, video_id: str) -> Path:
        """Return where the video's contact sheet lies, whether it is there or not.

        Raises:
            NotFoundError: no video ever has such an id.
        """
        return self.folder_of(video_id) / f"{video_id}.sheet.jpg"

    def frame_path(self, video_id: str, milliseconds: int, kind: str) -> Path:
        """Return where one frame of the video lies, whether it is there or not.

        Raises:
            NotFoundError: no video ever has such an id.
        """
        return self.folder_of(video_id) / f"{video_id}.{milliseconds:d}.{kind}"

    def pictures_of(self, video_id: str) -> list[Path]:
        """Return the contact sheet and the frames that were made of a video."""
        made = self.folder_of(video_id).glob(f"{video_id}.*.*")
        return [path for path in made if path.suffix in (".jpg", ".png")]

    def picture_path(self, sha256: str) -> Path:
        """Return where the reference picture of this hash lies, whether it is there or not.

        Raises:
            NotFoundError: no picture ever has such a hash.
        """
        if _SHA256.fullmatch(sha256) is None:
            raise NotFoundError("no such picture")
        return self.folder_of(sha256) / f"{sha256}.jpg"

    def name_of(self, path: Path) -> str:
        """Return the name of one of our files in the object store."""
        return f"{path.parent.name}/{path.name}"

    def bring(self, path: Path) -> Path:
        """Return the path of one of our files, brought here if it lies in the object store only; it may be nowhere.

        Raises:
            MediaError: the object store does not answer (media_away).
        """
        far = self.far
        if far is not None and not path.is_file():
            far.bring(self.name_of(path), path)
        return path

    def far_file(self, path: Path) -> Far | None:
        """Return one of our files as it lies in the object store; None if it does not.

        Raises:
            MediaError: the object store does not answer (media_away).
        """
        far = self.far
        return None if far is None else far.find(self.name_of(path))

    def send(self, path: Path, sha256: str | None = None) -> bool:
        """Copy a file into the object store and prove it; False where there is none.

        Raises:
            MediaError: it could not be kept there (media_away), or is not what it was (media_changed).
        """
        far = self.far
        if far is None:
            return False
        far.send(path, self.name_of(path), sha256)
        return True

    def forget(self, path: Path) -> None:
        """Delete a file, here and in the object store.

        Raises:
            MediaError: the object store does not answer (media_away).
        """
        path.unlink(missing_ok=True)
        far = self.far
        if far is not None:
            far.forget(self.name_of(path))

    def files(self) -> list[Path]:
        """Return the whole videos, posters and reference pictures that lie here, not what was made of them."""
        kinds = {f".{extension}" for extension in (*EXTENSIONS.values(), "jpg")}
        return [path for path in self._folder.glob("??/*.*") if path.suffix in kinds and path.name.count(".") == 1]

    def sweep_parts(self) -> int:
        """Delete what a killed process left half done; return how many files. Downloads that run keep theirs.

        It is not gone on with, even where the host could vouch for the rest: what was written last before a loss of
        power may be zeros on the disk, and nothing here would tell. What breaks off while we live does go on.
        """
        return sum(_swept(part) for part in self._folder.glob(f"??/*{SUFFIX}"))

    def sweep_parts_of(self, video_id: str) -> int:
        """Delete what is half done of one video that nobody wants any more; return how many files."""
        return sum(_swept(part) for part in self.folder_of(video_id).glob(f"{video_id}*{SUFFIX}"))


def _swept(part: Path) -> bool:
    try:
        with part.open("rb") as file:
            if not (lock(file) and is_at(file, part)):
                return False
            part.with_name(f"{part.name}.json").unlink(missing_ok=True)
            part.unlink(missing_ok=True)  # still locked: nobody can begin to write to a file that is gone
    except OSError:  # it went away meanwhile, or another user's: next start looks again
        return False
    return True

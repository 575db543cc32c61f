"""What the demo leaves in `demo-output/`: results, documents, and each outcome as text."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

from resume_launcher.demo.api import Edge
from resume_launcher.demo.products import Product
from resume_launcher.demo.render.base import Known, Status, count

FORMATS = ("pdf", "docx", "md", "json")


def write(folder: Path, product: Product, status: Status, known: Known, edge: Edge) -> list[str]:
    """Write a product's files; their names.

    Raises:
        RefusedError: a document could not be made.
    """
    folder.mkdir(exist_ok=True)
    return list(_written(folder, product, status, replace(known, most=None), edge))


def write_archive(folder: Path, data: bytes) -> str:
    """Write the account's archive; its name and what is in it.

    Raises:
        zipfile.BadZipFile: it is not whole.
    """
    with ZipFile(io.BytesIO(data)) as archive:
        return f"{_put(folder, 'account.zip', data)} ({count(len(archive.namelist()), 'file')})"


def _written(
    folder: Path, product: Product, status: Status, known: Known, edge: Edge
) -> Iterator[str]:
    if product.file:
        for ending in FORMATS:
            data = edge.export(product.prefix, str(status["resultId"]), ending)
            if data is not None:
                yield _put(folder, f"{product.file}.{ending}", data)
    if product.file and product.text:
        yield _put(folder, f"{product.file}.txt", product.text(status).encode())
    result = known.posting if product.name == "capture" else status["result"]
    told = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    yield _put(folder, f"{product.name}-result.json", told.encode())
    everything = "\n".join(product.render(status, known)) + "\n"
    yield _put(folder, f"{product.name}-outcome.txt", everything.encode())


def _put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name

"""Reads the tensors of a legacy PyTorch checkpoint (before the zip format) and writes safetensors, without PyTorch.

So that fetching the model needs no torch package where the user brings a plain libtorch, and the bytes do not depend on
a torch version. A pickle can name any function; this reader knows the three names such a file needs and refuses others.
"""

import collections
import io
import json
import pickle
import struct

import numpy

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001

STORAGES = {"FloatStorage": numpy.dtype("<f4"), "LongStorage": numpy.dtype("<i8")}
SAFETENSORS_NAMES = {numpy.dtype("<f4"): "F32", numpy.dtype("<i8"): "I64"}


class _View(collections.namedtuple("_View", "storage offset shape stride")):
    """A tensor whose storage is not read yet: the file holds all storages after the pickle."""


def _view(storage, offset, shape, stride, _requires_grad, _hooks):
    return _View(storage, offset, shape, stride)


class _Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _view
        if module == "torch" and name in STORAGES:
            return name
        raise ValueError(f"the checkpoint names {module}.{name}, which a file of weights has no need of")

    def persistent_load(self, saved):
        kind, storage_class, key, _location, count, view = saved
        if kind != "storage" or view is not None:
            raise ValueError("the checkpoint shares storages in a way this reader does not know")
        return (key, storage_class, count)


def read_tensors(checkpoint):
    """Name -> numpy array (float32 or int64, row-major) of the checkpoint's bytes. Error: ValueError."""
    file = io.BytesIO(checkpoint)
    if _Reader(file).load() != MAGIC or _Reader(file).load() != PROTOCOL:
        raise ValueError("this is no legacy PyTorch checkpoint")
    if not _Reader(file).load()["little_endian"]:
        raise ValueError("the checkpoint is big-endian")
    views = _Reader(file).load()
    dtypes = {view.storage[0]: STORAGES[view.storage[1]] for view in views.values()}
    storages = {}
    for key in _Reader(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        storages[key] = file.read(count * dtypes[key].itemsize)
    tensors = {}
    for name, view in views.items():
        key, dtype = view.storage[0], dtypes[view.storage[0]]
        try:
            # numpy refuses a view that leaves its storage.
            tensor = numpy.ndarray(view.shape, dtype, storages[key], view.offset * dtype.itemsize,
                                   [step * dtype.itemsize for step in view.stride])
        except (TypeError, ValueError) as error:
            raise ValueError(f"tensor {name} does not lie inside the file: {error}") from error
        tensors[name] = numpy.array(tensor, order="C")  # a view may be transposed, and a scalar must stay one
    return tensors


def to_safetensors(tensors, metadata):
    """The bytes of a safetensors file, the same for the same tensors: sorted by name, header padded to eight bytes."""
    header, blocks, offset = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors):
        block = tensors[name].tobytes()
        header[name] = {"dtype": SAFETENSORS_NAMES[tensors[name].dtype], "shape": list(tensors[name].shape),
                        "data_offsets": [offset, offset + len(block)]}
        blocks.append(block)
        offset += len(block)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(blocks)

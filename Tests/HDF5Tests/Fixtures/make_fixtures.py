"""Makes the files of this folder: python3 make_fixtures.py, with h5py. What each has is in its function."""

import h5py
import numpy as np

VALUES = np.arange(4, dtype="int32")


def external_link(f):
    f["labels"] = VALUES
    f["spikes"] = h5py.ExternalLink("elsewhere.h5", "/spikes")


def nested_external_link(f):
    f["a/b/c"] = h5py.ExternalLink("elsewhere.h5", "/")


def virtual_dataset(f):
    layout = h5py.VirtualLayout(shape=(4,), dtype="int32")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "labels", shape=(4,))
    f.create_virtual_dataset("labels", layout)


def external_storage(f):
    f.create_dataset("extra/labels", (4,), dtype="int32", external=[("elsewhere.bin", 0, 16)])


def dangling_soft_link(f):
    f["labels"] = h5py.SoftLink("/nowhere")


def soft_link(f):
    f["values"] = VALUES
    f["labels"] = h5py.SoftLink("/values")


def unwritten(f):
    f.create_dataset("labels", (4,), dtype="int32")


def partly_written(f):
    f.create_dataset("labels", (4,), dtype="int32", chunks=(2,))[:2] = VALUES[:2]


def long_variable_string(f):
    f.create_dataset("keys", data=["short", "x" * 5000], dtype=h5py.string_dtype())
    f.create_dataset("longest", data=["x" * 4096], dtype=h5py.string_dtype())


def long_fixed_strings(f):
    f.create_dataset("keys", data=np.zeros(3, dtype="S4097"), chunks=(1,), compression="gzip")
    f.create_dataset("many", data=np.zeros(65537, dtype="S1"), chunks=(65537,), compression="gzip")


def inflated_numbers(f):
    f.create_dataset("labels", data=np.zeros(10_000_000, dtype="uint8"), chunks=(1 << 20,), compression="gzip")


def spikes_and_variable_strings(f):
    for name, kind, values in (("times", "float32", [0.1, 0.2]), ("units", "uint16", [1, 2])):
        f.create_dataset("spikes/" + name, (1,), dtype=h5py.vlen_dtype(np.dtype(kind)))[0] = np.array(values, kind)
    f["labels"] = VALUES[:1]
    f.create_dataset("extra/keys", data=["word"], dtype=h5py.string_dtype())


for make in (external_link, nested_external_link, virtual_dataset, external_storage, dangling_soft_link, soft_link,
             unwritten, partly_written, long_variable_string, long_fixed_strings, inflated_numbers, spikes_and_variable_strings):
    with h5py.File(make.__name__ + ".h5", "w") as f:
        make(f)

# A link of a type of which nobody knows where it leads: an external one with another number.
image = open("external_link.h5", "rb").read()
name = b"spikes"
old = b"\x01\x08\x40" + bytes([len(name)]) + name
assert image.count(old) == 1
open("user_defined_link.h5", "wb").write(image.replace(old, old.replace(b"\x40", b"\x41")))

# SPDX-License-Identifier: MIT
"""Small networks for golden rows: alone gives them users' files to read, each below 4 KB, and their data.

    /usr/bin/python3 make_vectors.py [DIRECTORY]        default: vectors beside this file

Iris, 4 inputs and 3 classes. two-layer-a, -b: 6 units, npz, default names, W1 and W2 told by their shapes.
two-layer-c: 4 units, safetensors as PyTorch names its Sequential. skip-a, -b: 6 units, npz with out_in (T1 is square).
linear-skip-a, -b: safetensors in bfloat16, Keras's layout, with linear-skip.map. Weights are rounded to multiples of
2^-10 (bfloat16: to 8 digits), so that another version of PyTorch, whose last bits differ, makes the same files in all
likelihood; what is committed counts. Files do not depend on the time of day. Needs networks.py beside it."""
import os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "tests", "campaigns")]
import numpy, torch
import networks

LIMIT = 4096  # bytes
GRID = 1024.0
PAIRS = [  # name, model, units, seed, scheme of names, kind of file
    ("two-layer-a.npz", "two-layer", 6, 1, "own", "compressed"),
    ("two-layer-b.npz", "two-layer", 6, 2, "own", "compressed"),
    ("two-layer-c.safetensors", "two-layer", 4, 3, "sequential", "safetensors"),
    ("skip-a.npz", "skip", 6, 1, "own", "compressed"),
    ("skip-b.npz", "skip", 6, 2, "own", "compressed"),
    ("linear-skip-a.safetensors", "linear-skip", 4, 1, "keras", "bf16"),
    ("linear-skip-b.safetensors", "linear-skip", 4, 2, "keras", "bf16"),
]


def made(folder, name, model, units, seed, scheme, kind):
    """Trains, rounds and writes one network."""
    row = networks.Row("iris", model, (units, units), "cross-entropy", "none")
    data = networks.load_data("iris")
    net = networks.train(row, data, units, seed)
    net = networks.Net(model, {k: numpy.rint(a * GRID).astype("f4") / GRID for k, a in net.tensors.items()})
    arrays, lines = networks.named(net, scheme)
    file = os.path.join(folder, name)
    networks.save_arrays(file, arrays, kind)
    if lines:
        with open(os.path.join(folder, model + ".map"), "w") as f:
            f.write("\n".join(lines) + "\n")
    assert os.path.getsize(file) <= LIMIT, "%s: %d bytes" % (name, os.path.getsize(file))
    value = networks.Objective(row, data)(networks.stored_values(net, kind))
    print("%-26s %5d bytes, F = %.12g (cross-entropy, iris)" % (name, os.path.getsize(file), value))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "networks")
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    for pair in PAIRS:
        made(folder, *pair)


if __name__ == "__main__":
    main()

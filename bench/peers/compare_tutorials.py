"""Trains SpyTorch's tutorials 1, 2, 3 and 5 with snnexp and with PyTorch, in turn; prints seconds per epoch and their ratio.

    bench/peers/setup.sh && python3 bench/peers/compare_tutorials.py FASHION_MNIST_FOLDER BRAILLE_FILE [ROUNDS]   (default 3)

All threads. SNNEXP is the program (default .build/release/snnexp), TORCH_PYTHON a Python with torch, numpy and h5py (default
that of setup.sh). Both make their spikes once; the epochs are the last ones of EPOCHS, evaluation excluded.
"""
import csv
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("PEERS_HOME", HERE / ".home"))
PROJECT = HERE.parent.parent
PROGRAM = os.environ.get("SNNEXP", str(PROJECT / ".build/release/snnexp"))
PYTHON = os.environ.get("TORCH_PYTHON", str(HOME / "torch/bin/python"))


# An epoch of tutorial 1 is one batch: it is timed once both are warm.
EPOCHS = {1: 20, 2: 2, 3: 2, 5: 2}


def ours(tutorial, data):
    source = {1: [], 5: [f"data.file={data}"]}.get(tutorial, [f"data.folder={data}"])
    epochs = EPOCHS[tutorial]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [PROGRAM, "run", str(PROJECT / f"experiments/spytorch_tutorial{tutorial}.yaml"), *source, "seeds=0",
             f"training.epochs={epochs}", f"training.evaluate_every={epochs}", "record.samples=0", "-o", folder, "--no-plots",
             "-q"],
            check=True)
        (history,) = glob.glob(folder + "/*/history.csv")
        with open(history) as f:
            return float(list(csv.DictReader(f))[-1]["epoch_seconds"])


def main():
    fashion, braille = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    for tutorial in EPOCHS:
        data = braille if tutorial == 5 else fashion
        pairs = []
        for _ in range(rounds):
            theirs = json.loads(subprocess.run(
                [PYTHON, str(HERE / "tutorial_pytorch.py"), str(tutorial), data, str(EPOCHS[tutorial])], check=True,
                capture_output=True, text=True).stdout)
            pairs.append((ours(tutorial, data), theirs["epoch_s"]))
        mine, torch = (statistics.median(column) for column in zip(*pairs))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"tutorial {tutorial}: snnexp {mine:.4g} s per epoch, PyTorch {torch:.4g} s: {ratio:.0f} times", flush=True)


main()

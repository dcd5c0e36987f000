"""Trains the same SE-adLIF network with snnexp and with JAX, in turn, and prints milliseconds per batch of 256 and their ratio.

    bench/peers/setup.sh && python3 bench/peers/compare_se_adlif.py [ROUNDS]        (default 5)

140-128-20, 250 steps, all threads. SNNEXP is the program (default .build/release/snnexp), JAX_PYTHON a Python with jax (default
that of setup.sh). Both train on events of about 8,000 per sample: snnexp on a file that it makes, JAX on random ones.
"""
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("PEERS_HOME", HERE / ".home"))
PROGRAM = os.environ.get("SNNEXP", str(HERE.parent.parent / ".build/release/snnexp"))
PYTHON = os.environ.get("JAX_PYTHON", str(HOME / "jax/bin/python"))
DATA = os.environ.get("PEERS_DATA", str(HOME / "train.h5"))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    threads = len(os.sched_getaffinity(0))
    ours = [PROGRAM, "bench", "--neuron", "se_adlif", "--hidden", "128", "--steps", "250", "--threads", str(threads)]
    ours += ["--data", DATA, "--epochs", "1", "--json"]
    ratios = []
    for number in range(rounds):
        theirs = json.loads(subprocess.run(
            [PYTHON, str(HERE / "jax_se_adlif.py")], check=True, capture_output=True, text=True).stdout)
        run = json.loads(subprocess.run(ours, check=True, capture_output=True, text=True).stdout)["runs"][0]
        batch = 1e3 * run["epoch_s"] * run["batch"] / run["samples"]
        ratios.append(theirs["step_ms"] / batch)
        print(
            f"round {number + 1}: snnexp {batch:.1f} ms per batch ({run['events_per_sample']:.0f} events per sample, "
            f"{run['spikes_per_unit_and_step']:.3f} spikes per unit and step); JAX {theirs['step_ms']} ms, with the batch's "
            f"preparation {theirs['whole_ms']} ms ({theirs['rate']} spikes): {ratios[-1]:.1f} times", flush=True)
    print(f"median: {statistics.median(ratios):.1f} times JAX's step alone, {threads} threads")


main()

"""Measures how well runs share this machine: one process of one thread alone, as many such processes at once as there are
cores, and one process of as many threads.

    python3 bench/side_by_side.py [ROUNDS]        (default 3; python3 only)

Prints samples per second, medians over the rounds, and their ratios to one thread alone. Processes that run at once begin
together and train the same network for as many epochs, so that all but the first and last moments overlap; of each its
median epoch counts. SNNEXP is the program (default .build/release/snnexp), EPOCHS the epochs (default 40).
"""
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PROGRAM = os.environ.get("SNNEXP", str(Path(__file__).resolve().parent.parent / ".build/release/snnexp"))
EPOCHS = os.environ.get("EPOCHS", "40")


def throughputs(processes, threads):
    """Samples per second of each of some processes that run at once."""
    command = [PROGRAM, "bench", "--threads", str(threads), "--hidden", "128", "--steps", "100", "--input", "sparse"]
    command += ["--samples", "2048", "--epochs", EPOCHS, "--json"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    outputs = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        sys.exit("side_by_side: " + " ".join(command) + " failed")
    runs = [json.loads(output)["runs"][0] for output in outputs]
    return [run["samples"] / run["epoch_s"] for run in runs]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    cores = len(os.sched_getaffinity(0))
    cases = {
        "one process of one thread": (1, 1),
        f"{cores} processes of one thread": (cores, 1),
        f"one process of {cores} threads": (1, cores),
    }
    measured = {name: [] for name in cases}
    for number in range(rounds):
        for name, case in cases.items():
            each = throughputs(*case)
            measured[name].append(sum(each))
            print(f"round {number + 1}: {name}: " + " + ".join(f"{x:.0f}" for x in each) + " samples/s", flush=True)
    medians = {name: statistics.median(values) for name, values in measured.items()}
    alone = medians["one process of one thread"]
    for name, value in medians.items():
        print(f"{name}: {value:.0f} samples/s, {value / alone:.2f} times one thread alone")


if __name__ == "__main__":
    main()

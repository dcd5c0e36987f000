"""snnexp bench on the same file and sizes, its result as the line that every peer prints.

    python ours.py FILE.h5 --program ../../.build/release/snnexp --threads 2
"""
import argparse
import json
import resource
import subprocess

from common import Watch, print_line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--program", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=5, help="the median of them is taken")
    options = parser.parse_args()
    options.variant = ""
    command = [options.program, "bench", "--json", "--data", options.data]
    for name in "threads", "hidden", "steps", "epochs":
        command += ["--" + name, str(getattr(options, name))]
    watch = Watch()
    watch.start()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    outside = watch.stop()
    result = json.loads(output)["runs"][0]
    print_line(
        options,
        epoch_s=round(result["epoch_s"], 4),
        batches=result["samples"] // result["batch"] * options.epochs,
        samples=result["samples"],
        peak_mib=round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        spikes_per_unit_and_step=round(result["spikes_per_unit_and_step"], 4),
        peer="snnexp",
        versions=result["kernels"] + " kernels",
        **outside,
    )


if __name__ == "__main__":
    main()

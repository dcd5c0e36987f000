"""Runs snnexp and every peer in turn on the same file, several rounds, and writes tables and a figure.

    bench/peers/setup.sh && python3 bench/peers/compare.py          (or: make bench-peers)

Writes results/reference/peers: rounds.csv (each measurement), peers.csv and README.md (medians over the rounds), and
plots/peers.gp with data and picture. Environment variables:

    ROUNDS         rounds (default 3; 1 is quick)
    RESUME         1: keep what an earlier run measured undisturbed, of the others; measure what is missing, and snnexp
    SNNEXP         the program (default .build/release/snnexp)
    PEERS_HOME     where setup.sh put the environments and the data (default bench/peers/.home)
    PEERS_DATA     another HDF5 file in SHD's layout
    PEERS_PREFIX   a command put before each measurement, e.g. one that waits until the machine is idle
    PEERS_OUTPUT   another folder for the results
"""
import csv
import io
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = Path(os.environ.get("PEERS_HOME", HERE / ".home"))
DATA = os.environ.get("PEERS_DATA", str(HOME / "train.h5"))
OUTPUT = Path(os.environ.get("PEERS_OUTPUT", ROOT / "results/reference/peers"))
PROGRAM = os.environ.get("SNNEXP", str(ROOT / ".build/release/snnexp"))
PREFIX = shlex.split(os.environ.get("PEERS_PREFIX", ""))
ROUNDS = int(os.environ.get("ROUNDS", "3"))

# From this many cores taken by other processes on, a measurement is repeated once, and marked if it stays so.
DISTURBED = 0.06

# Large arrays are kept by malloc, not given back and mapped anew at every step.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}

# Name -> label (gnuplot can't read a comma in it), environment, script, its options, environment variables. The variables are what was fastest for it.
PEERS = {
    "snnexp": ("snnexp", None, "ours.py", ["--program", PROGRAM], {}),
    "jax": ("JAX: lax.scan", "jax", "jax_network.py", ["--variant", "inside"], KEEP_MEMORY | LARGE_PAGES),
    "jax-outside": (
        "JAX: input product before the scan", "jax", "jax_network.py", ["--variant", "outside"], KEEP_MEMORY | LARGE_PAGES),
    "spyx": ("Spyx (nearest model)", "jax", "spyx_network.py", ["--variant", "inside"], KEEP_MEMORY | LARGE_PAGES),
    "pytorch-manual": (
        "PyTorch: backward by hand", "torch", "pytorch_network.py", ["--variant", "manual"], KEEP_MEMORY),
    "pytorch-compile": ("PyTorch: torch.compile", "torch", "pytorch_network.py", ["--variant", "compile"], KEEP_MEMORY),
    "pytorch": ("PyTorch: eager with care", "torch", "pytorch_network.py", ["--variant", "unbind"], KEEP_MEMORY),
    "pytorch-loop": ("PyTorch: eager", "torch", "pytorch_network.py", ["--variant", "loop"], KEEP_MEMORY),
    "norse": ("Norse (nearest model)", "torch", "norse_network.py", [], KEEP_MEMORY),
    "snntorch": ("snnTorch (nearest model)", "torch", "snntorch_network.py", [], KEEP_MEMORY),
    "notebook": ("notebook: Python generator", "torch", "notebook.py", ["--batches", "3", "--warm", "1"], {}),
}
FASTEST = ("snnexp", "jax", "jax-outside", "pytorch-manual")
# These compute the same from the same weights and batches, so that their first losses agree up to rounding.
SAME_MODEL = ("jax", "jax-outside", "pytorch-manual", "pytorch-compile", "pytorch", "pytorch-loop", "notebook")
# (hidden, steps) -> peers, batches of an epoch of 31 that are measured (0: all), rounds. The larger ones with all threads.
LARGER = {(128, 250): 12, (1024, 100): 8, (1024, 250): 4}


def cores():
    return len(os.sched_getaffinity(0))


def measure(name, threads, hidden=128, steps=100, batches=0):
    """One measurement as a dictionary, None if the peer can't run here."""
    label, environment, script, options, variables = PEERS[name]
    python = HOME / environment / "bin/python" if environment else Path(sys.executable)
    if not python.exists():
        return None
    command = [*PREFIX, str(python), str(HERE / script), DATA, *options]
    command += ["--threads", str(threads), "--hidden", str(hidden), "--steps", str(steps)]
    if name == "snnexp" and batches:
        command += ["--epochs", "3"]
    elif batches:
        command += ["--batches", str(batches), "--warm", "2"]
    inherited = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
    variables = {"PYTHONDONTWRITEBYTECODE": "1", "TORCHINDUCTOR_CACHE_DIR": str(HOME / "inductor"), **variables}
    best = None
    for _ in range(2):
        process = subprocess.run(
            command, env=inherited | variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if process.returncode != 0:
            sys.stderr.write(process.stderr)
            sys.exit(f"{shlex.join(command)} ended with status {process.returncode}")
        line = json.loads(process.stdout.splitlines()[-1])
        if best is None or line["foreign_cores"] < best["foreign_cores"]:
            best = line
        if best["foreign_cores"] <= DISTURBED:
            break
        print(f"  disturbed: other processes took {line['foreign_cores']:.2f} cores", flush=True)
    best["peer"] = name
    print(
        f"{label}, {threads} threads, hidden {hidden}, T {steps}: {best['epoch_s']:.3f} s per epoch, "
        f"{best['peak_mib']} MiB", flush=True)
    return best


def plan():
    """(round, peer, threads, hidden, steps, batches) of each measurement, peers in turn."""
    for number in range(1, ROUNDS + 1):
        for threads in sorted({cores(), 1}, reverse=True):
            for name in PEERS:
                yield number, name, threads, 128, 100, 0
        if number <= 2:
            for (hidden, steps), batches in LARGER.items():
                for name in FASTEST:
                    yield number, name, cores(), hidden, steps, batches


def earlier():
    """The undisturbed measurements of the peers in rounds.csv."""
    path = OUTPUT / "rounds.csv"
    if os.environ.get("RESUME") != "1" or not path.exists():
        return []
    with open(path, newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        for column, value in line.items():
            if column == "losses":
                line[column] = [float(loss) for loss in value.split()]
            elif column not in ("peer", "versions"):
                line[column] = json.loads(value) if value else None
    return [line for line in lines if line["peer"] != "snnexp" and line["foreign_cores"] <= DISTURBED]


def check_losses(measurements):
    """Ends the program if peers that should compute the same do not: such a table would compare nothing."""
    first = {}
    for line in measurements:
        if line["peer"] in SAME_MODEL:
            first.setdefault((line["hidden"], line["steps"]), {})[line["peer"]] = line["losses"][0]
    for (hidden, steps), losses in first.items():
        if max(losses.values()) - min(losses.values()) > 1e-3 * max(losses.values()):
            sys.exit(f"hidden {hidden}, T {steps}: the first losses differ: {losses}")


RAW_COLUMNS = (
    "round peer threads hidden steps epoch_s epoch_step_s batches samples peak_mib first_step_s "
    "spikes_per_unit_and_step losses own_cores foreign_cores steal_cores versions").split()


def medians(measurements):
    """A row for each peer and size, the fastest first: medians over its rounds, and the ratio to snnexp."""
    groups = {}
    for line in measurements:
        groups.setdefault((line["threads"], line["hidden"], line["steps"], line["peer"]), []).append(line)
    rows = []
    for (threads, hidden, steps, peer), lines in groups.items():
        seconds = [line["epoch_s"] for line in lines]
        rows.append({
            "peer": peer, "label": PEERS[peer][0], "threads": threads, "hidden": hidden, "steps": steps,
            "rounds": len(lines), "epoch_s": round(statistics.median(seconds), 4),
            "epoch_min_s": min(seconds), "epoch_max_s": max(seconds),
            # Preparing a batch is no step of its own for snnexp: its kernels read the events as they were loaded.
            "epoch_step_s": "" if peer == "snnexp" else round(statistics.median(line["epoch_step_s"] for line in lines), 4),
            "peak_mib": max(line["peak_mib"] for line in lines),
            "first_step_s": max((line.get("first_step_s") or 0) for line in lines) or "",
            "disturbed": sum(line["foreign_cores"] > DISTURBED for line in lines),
        })
    for row in rows:
        ours = next((r for r in rows if r["peer"] == "snnexp" and size_of(r) == size_of(row)), None)
        row["ratio"] = round(row["epoch_s"] / ours["epoch_s"], 2) if ours else ""
    return sorted(rows, key=lambda row: (row["hidden"], row["steps"], -row["threads"], row["epoch_s"]))


def bars(rows):
    """What plots/peers.gp draws: bars from top to bottom, and headings, which have no seconds.

    One thread is drawn as a thin bar below that of all threads.
    """
    lines, y = [], 0.0
    for hidden, steps in dict.fromkeys((row["hidden"], row["steps"]) for row in rows):
        shown = [row for row in rows if (row["hidden"], row["steps"]) == (hidden, steps)]
        lines.append({"y": y, "label": f"hidden {hidden} and T {steps}"})
        order = [row["peer"] for row in shown if row["threads"] == shown[0]["threads"]]
        for peer in order:
            y -= 1
            mine = [row for row in shown if row["peer"] == peer]
            for k, row in enumerate(mine):
                place = y if len(mine) == 1 else y + 0.2 - 0.45 * k
                lines.append({
                    "y": round(place, 2), "label": row["label"], "seconds": row["epoch_s"], "ratio": row["ratio"],
                    "ours": int(peer == "snnexp"), "threads": row["threads"], "first": int(k == 0)})
        y -= 1.5
    return lines


def size_of(row):
    return row["threads"], row["hidden"], row["steps"]


def csv_text(columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: " ".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()})
    return text.getvalue()


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        return names[0]
    except (OSError, IndexError):
        return platform.machine()


def markdown(rows, measurements):
    threads = sorted({row["threads"] for row in rows}, reverse=True)
    base = [row for row in rows if (row["hidden"], row["steps"]) == (128, 100)]
    losses = {line["peer"]: line["losses"][:4] for line in measurements if line.get("losses")}
    samples = measurements[0]["samples"]

    def cell(row):
        if row is None:
            return "", ""
        alone = "" if row["peer"] == "snnexp" else f" ({row['epoch_step_s']:.2f})"
        mark = " *" if row["disturbed"] else ""
        return f"{row['epoch_s']:.3g}{alone}{mark}", f"{row['ratio']:.3g}" if row["ratio"] else ""

    def find(peer, size):
        return next((r for r in rows if r["peer"] == peer and size_of(r) == size), None)

    lines = [
        "# Seconds per epoch, beside the peers", "",
        f"Training of the network of `experiments/shd_recurrent.yaml` (700-128-20, T 100, batch 256) on {samples} samples of a",
        "synthetic file of SHD's size, including data preparation; training step alone in brackets. x: times snnexp's.",
        f"Medians of {max(row['rounds'] for row in rows)} interleaved round(s) on {cores()} cores of an {processor()}, {time.strftime('%Y-%m-%d')}.", "",
    ]
    header = ["", *(f"{n} thread{'s' * (n > 1)} | x" for n in threads), "peak MiB", "first losses"]
    lines += ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (2 * len(threads) + 1) + " --- |"]
    for peer in dict.fromkeys(row["peer"] for row in sorted(base, key=lambda r: (-r["threads"], r["epoch_s"]))):
        found = [find(peer, (n, 128, 100)) for n in threads]
        cells = [part for row in found for part in cell(row)]
        peak = max(row["peak_mib"] for row in found if row)
        shown = " ".join(f"{loss:.3f}" for loss in losses.get(peer, []))
        lines.append("| " + " | ".join([PEERS[peer][0], *cells, str(peak), shown]) + " |")
    larger = [size for size in dict.fromkeys(map(size_of, rows)) if size[1:] != (128, 100)]
    if larger:
        lines += ["", f"Larger networks, {threads[0]} threads, fastest peers only:", ""]
        lines.append("| | " + " | ".join(f"hidden {hidden}, T {steps} | x" for _, hidden, steps in larger) + " |")
        lines.append("| --- |" + " ---: |" * (2 * len(larger)))
        for peer in FASTEST:
            found = [find(peer, size) for size in larger]
            if any(found):
                cells = [part for row in found for part in cell(row)]
                lines.append("| " + " | ".join([PEERS[peer][0], *cells]) + " |")
    versions = dict.fromkeys(line["versions"] for line in measurements)
    lines += [
        "",
        "- All peers start from the same weights and use the same batches, so identical models show the same first losses;",
        "  the nearest models in Norse, snnTorch and Spyx differ in reset, delay or readout. snnexp draws its own weights.",
        "- All programs read and bin the file once, before the clock starts, except the notebook, which does so spike by spike",
        "  in every epoch (3 batches measured, scaled). Compilation is not counted; torch.compile takes "
        + first_step(rows, "pytorch-compile") + ".",
        "- Peak memory includes the binned file: one byte per cell for the peers.",
        f"- A measurement is repeated while other processes use more than {DISTURBED} cores"
        + ("; * marks those where they still did." if any(row["disturbed"] for row in rows) else "; no reported measurement was affected."),
        "- Versions: " + "; ".join(sorted(versions)) + ".",
        "",
        "`make bench-peers` repeats the measurements; `make plots` redraws the figure.", "",
    ]
    return "\n".join(lines)


def first_step(rows, peer):
    seconds = [row["first_step_s"] for row in rows if row["peer"] == peer and row["first_step_s"]]
    return f"{max(seconds):.0f} s at the first step" if seconds else "long"


def main():
    if not Path(PROGRAM).exists():
        sys.exit(f"{PROGRAM} is missing: make build")
    if not Path(DATA).exists():
        sys.exit(f"{DATA} is missing: bench/peers/setup.sh")
    start = time.time()
    measurements, missing = earlier(), set()
    known = {(line["round"], line["peer"], *size_of(line)) for line in measurements}
    for number, name, *size in plan():
        if (number, name, *size[:3]) in known:
            continue
        line = measure(name, *size)
        if line is None:
            missing.add(name)
            continue
        measurements.append({"round": number, **line})
        check_losses(measurements)
        write(measurements)  # each time, so that a run that is stopped keeps what it measured
    for name in sorted(missing):
        print(f"skipped, environment missing: {PEERS[name][0]}")
    subprocess.run(["gnuplot", str(OUTPUT / "plots/peers.gp")], check=True)
    print(f"{OUTPUT}/README.md, {(time.time() - start) / 60:.0f} minutes")


def write(measurements):
    rows = medians(measurements)
    columns = list(rows[0])
    script = (HERE / "peers.gp").read_text()
    files = {
        "rounds.csv": csv_text(RAW_COLUMNS, measurements), "peers.csv": csv_text(columns, rows),
        "README.md": markdown(rows, measurements), "plots/peers.gp": script,
        "plots/data/bars.csv": csv_text("y label seconds ratio ours threads first".split(), bars(rows)),
    }
    (OUTPUT / "plots/data").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        partial = OUTPUT / (name + ".partial")
        partial.write_text(text)
        partial.replace(OUTPUT / name)


if __name__ == "__main__":
    main()

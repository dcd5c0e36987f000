#!/usr/bin/env python3
"""Runs the Python examples in docs/results.md verbatim, on a small sweep and the runs of the page's commands, with
fewer samples. If Python lacks a package they need, says so and runs none.

usage: scripts/check_docs.py [PROGRAM [FOLDER]]      FOLDER: where the figures of the examples go
"""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ["numpy", "h5py", "yaml", "pandas", "matplotlib"]
# The sweep used on the page, with fewer samples and epochs.
SWEEP = [
    "experiments/sweep_tau_hidden.yaml", "training.epochs=4", "data.synthetic.train_samples=200",
    "data.synthetic.test_samples=100", "training.batch_size=40", "network.tau_mem=2.5ms,5ms", "network.hidden=32,128",
    "seeds=0..1"]

# What is added to the page's own commands.
FEWER = "data.synthetic.train_samples=200 data.synthetic.test_samples=50 --no-plots --quiet"


def main():
    page = (ROOT / "docs/results.md").read_text()
    blocks = re.finditer(r"^```python\n(.*?)^```$", page, re.M | re.S)
    examples = [(page[:block.start()].count("\n") + 2, block[1]) for block in blocks]
    if not examples:
        sys.exit("check_docs: docs/results.md has no examples; has their marker changed?")
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        print(f"check_docs: SKIPPED, {len(examples)} Python examples of docs/results.md were not run: no {', '.join(missing)}")
        return
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/snnexp").resolve()
        subprocess.run(
            [program, "run", *SWEEP, "-o", f"{folder}/results", "--no-plots", "--quiet"], cwd=ROOT, check=True)
        environment = os.environ | {
            "MPLBACKEND": "Agg", "MPLCONFIGDIR": folder, "PATH": f"{program.parent}:{os.environ['PATH']}"}
        (pathlib.Path(folder) / "experiments").symlink_to(ROOT / "experiments")
        for command in re.findall(r"^```bash\n(snnexp run .*?)\n```$", page, re.M | re.S):
            subprocess.run(["bash", "-c", f"{command} {FEWER}"], cwd=folder, env=environment, check=True)
        for line, example in examples:
            # Preceded by blank lines, so that tracebacks show the page's line numbers.
            code = "\n" * (line - 1) + example
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
            figures = re.findall(r'savefig\("(.*?)"\)', example)
            problem = done.stderr if done.returncode else "".join(
                f"it wrote no {name}\n" for name in figures if not (pathlib.Path(folder) / name).is_file())
            failures += bool(problem)
            print(f"docs/results.md:{line}: {'FAILED' if problem else 'ok'} {(done.stdout or ' '.join(figures)).strip()}")
            print(problem, end="")
        if len(sys.argv) > 2:
            for figure in pathlib.Path(folder).glob("*.pdf"):
                (pathlib.Path(sys.argv[2]) / figure.name).write_bytes(figure.read_bytes())
    print(f"check_docs: {len(examples)} Python examples in docs/results.md: {failures} failed")
    sys.exit(1 if failures else 0)


main()

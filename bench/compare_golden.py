"""Runs snnexp on golden cases and prints how far it is from float64 PyTorch.

    python bench/compare_golden.py SNNEXP CASES_FOLDER RESULTS_FOLDER

A case folder is what Tests/NetworksTests/Golden/make_cases.py makes. Needs numpy, h5py.
"""
import csv, glob, os, subprocess, sys
import h5py, numpy as np

program, cases, results = sys.argv[1:4]
for case in sorted(os.listdir(cases)):
    folder = os.path.join(cases, case)
    if not os.path.exists(folder + "/expected.h5"):
        continue
    subprocess.run([program, "run", folder + "/experiment.yaml", "-o", results, "--no-plots", "-q", "--force"], check=True)
    run = glob.glob(f"{results}/golden_{case}/runs/*")[0]
    start, ours = h5py.File(folder + "/weights.h5"), h5py.File(run + "/weights.h5")
    want, rec = h5py.File(folder + "/expected.h5"), h5py.File(run + "/recordings.h5")
    errors = []
    for key in ("hidden/0/input", "hidden/0/recurrent", "readout/input"):
        if key in want:
            a = ours[key][:].astype(float) - start[key][:]
            b = want[key][:].astype(float) - start[key][:]
            errors.append("%.1e" % (np.linalg.norm(a - b) / np.linalg.norm(b)))
    loss = np.array([float(r["train_loss"]) for r in csv.DictReader(open(run + "/history.csv"))])
    expected = want["train_loss_with_regularizer"][:]
    spikes = int(np.sum(rec["initial/hidden/0/spikes"][:] != want["recorded/hidden/0/spikes"][:]))
    membrane = np.abs(rec["initial/hidden/0/membrane"][:] - want["recorded/hidden/0/membrane"][:]).max()
    readout = np.abs(rec["initial/readout/membrane"][:] - want["recorded/readout/membrane"][:]).max()
    print(f"{case}: weight change {errors}, loss {np.abs(loss / expected - 1).max():.1e}, "
          f"different spikes {spikes}, membrane {membrane:.1e}, readout {readout:.1e}")

#!/bin/sh
# Seconds per epoch of training, ours and the peers', in turn in one session on the same file.
#   bench/compare_peers.sh DATA_FOLDER PEER_SCRIPTS TORCH_PYTHON JAX_PYTHON [ROUNDS]
# DATA_FOLDER holds shd_train.h5 (made by mkdata.py of the peer scripts). Prints JSON lines; epoch_s is what to compare.
set -eu
data=$1 scripts=$2 torch=$3 jax=$4 rounds=${5:-3}
export PEERS_DATA="$data" PYTHONDONTWRITEBYTECODE=1
unset OPENBLAS_CORETYPE || true
threads=$(nproc)
for round in $(seq "$rounds"); do
  .build/release/snnexp bench --data "$data/shd_train.h5" --threads "$threads" --epochs 5 --json
  (cd "$scripts" && "$jax" e_jax.py --inscan --batches 20) || true
  (cd "$scripts" && "$torch" b2_torch.py --variant bptt --threads "$threads" --batches 20) || true
  (cd "$scripts" && "$torch" b2_torch.py --variant unbind --threads "$threads" --batches 20) || true
  (cd "$scripts" && "$torch" b_torch.py --threads "$threads" --batches 10) || true
done

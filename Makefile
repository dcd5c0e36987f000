# Targets:
#   setup   install what is missing: libhdf5, libyaml, libcurl, zlib, gnuplot (apt; a message elsewhere)
#   build   the optimised program, .build/release/snnexp
#   run     train experiments/quickstart.yaml and draw its figures (about a minute)
#   test    build and run all tests, optimised; ends with how many passed, failed and were skipped, and why
#   docs    write docs/keys.md from the table of keys
#   check   format lint; docs/keys.md is up to date; the examples of docs/results.md are run, and every YAML file is
#           read, where PYTHON has numpy, h5py, pyyaml, pandas, matplotlib and jsonschema; no weak code symbols in the
#           kernels; the kernels as arm64 vector instructions, and run if qemu-user and gcc-aarch64-linux-gnu are
#           installed: the same bits as here
#   bench   seconds per epoch of training on this machine
#   bench-peers   the same beside PyTorch, JAX, Spyx, snnTorch and Norse (20 minutes; ROUNDS=1: 8; downloads them first)
#   plots   redraw the committed reference figures with gnuplot alone
#   clean   remove what was built
# RUN_ARGS are passed to run: make run RUN_ARGS=training.epochs=2
# PREFIX is a folder whose include and lib have the libraries that the system lacks: make build PREFIX=$HOME/.local

ifdef PREFIX
export PREFIX
export PKG_CONFIG_PATH := $(PREFIX)/lib/pkgconfig:$(PREFIX)/lib64/pkgconfig:$(PKG_CONFIG_PATH)
# At the end: its compilers, if it has some, are not ours.
export PATH := $(PATH):$(PREFIX)/bin
# For libraries without a .pc file, and so that the program finds them when it starts.
SWIFT_FLAGS = -Xcc -I$(PREFIX)/include -Xlinker -L$(PREFIX)/lib -Xlinker -rpath -Xlinker $(PREFIX)/lib
endif

SNNEXP = .build/release/snnexp
export PYTHON ?= python3
.PHONY: setup build run test docs check bench bench-peers plots clean

setup:
	@scripts/setup.sh

build: setup
	swift build -c release $(SWIFT_FLAGS) --product snnexp

run: build
	$(SNNEXP) run experiments/quickstart.yaml $(RUN_ARGS)

test: setup
	swift build -c release $(SWIFT_FLAGS)
	scripts/test.sh $(SWIFT_FLAGS)

docs: build
	$(SNNEXP) schema --markdown > docs/keys.md

check: setup
	swift format lint --strict --recursive Package.swift Sources Tests scripts
	swift build -c release $(SWIFT_FLAGS) --product snnexp
	scripts/check_docs.sh
	scripts/check_weak_symbols.sh
	scripts/check_arm64.sh

bench: build
	$(SNNEXP) bench

bench-peers: build
	bench/peers/setup.sh
	python3 bench/peers/compare.py

plots: setup
	@for script in results/reference/*/plots/*.gp; do echo $$script; gnuplot $$script || exit 1; done

clean:
	rm -rf .build

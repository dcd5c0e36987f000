# Targets:
#   setup   install missing libraries: libhdf5, libyaml, libcurl, zlib, gnuplot (apt; elsewhere, a message)
#   build   the optimised program, .build/release/snnexp
#   run     train experiments/quickstart.yaml and draw its figures (about a minute)
#   test    build and run all tests, optimised; ends with the numbers passed, failed and skipped, and why
#   docs    write docs/keys.md from the key table
#   check   format lint; docs/keys.md is up to date; the examples in docs/results.md run, and every YAML file is
#           read, if PYTHON has numpy, h5py, pyyaml, pandas, matplotlib and jsonschema; no weak code symbols in the
#           kernels; the kernels compile to arm64 vector instructions and, if qemu-user and gcc-aarch64-linux-gnu are
#           installed, give the same bits as here
#   bench   training seconds per epoch on this machine
#   bench-peers   the same beside PyTorch, JAX, Spyx, snnTorch and Norse (20 minutes; ROUNDS=1: 8; downloads them)
#   dist    dist/snnexp-<version>-<arch>.tar.gz: a program that needs only glibc, experiments, docs, completions and
#           licences; Debian and Ubuntu. scripts/check_dist.sh tries it in a bare Debian
#   plots   redraw the committed reference figures; needs only gnuplot
#   sanitize   the tests that start no program, with AddressSanitizer: reads and writes out of bounds (a quarter of an hour)
#   clean   remove build products
# RUN_ARGS is passed to run: make run RUN_ARGS=training.epochs=2
# PREFIX is a folder whose include and lib contain libraries missing from the system: make build PREFIX=$HOME/.local

ifdef PREFIX
export PREFIX
export PKG_CONFIG_PATH := $(PREFIX)/lib/pkgconfig:$(PREFIX)/lib64/pkgconfig:$(PKG_CONFIG_PATH)
# Last, so that any compilers in it are not picked up.
export PATH := $(PATH):$(PREFIX)/bin
# For libraries without a .pc file, and so that the program finds them at start-up.
SWIFT_FLAGS = -Xcc -I$(PREFIX)/include -Xlinker -L$(PREFIX)/lib -Xlinker -rpath -Xlinker $(PREFIX)/lib
endif

SNNEXP = .build/release/snnexp
export PYTHON ?= python3
.PHONY: setup build run test docs check bench bench-peers dist plots sanitize clean

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

dist: setup
	scripts/make_dist.sh

plots: setup
	@for script in results/reference/*/plots/*.gp; do echo $$script; gnuplot $$script || exit 1; done

# The runtime must not handle the signals that the tests of mapped files raise on purpose.
sanitize: setup
	swift build -c release $(SWIFT_FLAGS) --build-tests --sanitize=address --scratch-path .build-sanitize
	ASAN_OPTIONS=detect_leaks=0:handle_sigbus=0 SWIFT_BACKTRACE=enable=no \
	  .build-sanitize/release/snnexpPackageTests.xctest --testing-library swift-testing --skip CommandTests

clean:
	rm -rf .build .build-sanitize dist

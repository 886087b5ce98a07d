# skipverify: see README.md. Targets: all static dist check check-portability check-static check-faults check-cluster check-sanitize check-mutants
# check-certificates check-dense bench vectors/bless install clean.

CC ?= cc
CFLAGS ?= -O2
PREFIX ?= /usr/local
PYTHON ?= python3

# What the figures need comes after CFLAGS and LDFLAGS, so that overriding those cannot lose it.
NEEDED = -std=gnu99 -ffp-contract=off -fno-fast-math -fno-unsafe-math-optimizations -fno-associative-math -fno-finite-math-only $(if $(findstring i686,$(TARGET))$(findstring i386,$(TARGET)),-msse2 -mfpmath=sse)
TARGET := $(shell $(CC) -dumpmachine 2>/dev/null)
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
COMPILE = $(CC) $(CPPFLAGS) $(WARN) $(CFLAGS)
LIBS = -lm -lpthread
SOURCES = skipverify.c skipverify.h vectors/exact.inc vectors/published.inc vectors/golden.inc vectors/claims.inc vectors/iris.inc
TESTS = $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
# The test programs include skipverify.c: every section, whether a test uses it or not.
TEST_FLAGS = -O1 -g -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable

all: skipverify

skipverify: $(SOURCES)
	$(COMPILE) skipverify.c $(LDFLAGS) $(NEEDED) $(LIBS) -o $@

# One file that needs nothing else: musl where there is one, else glibc (with which it is larger than 1 MiB). The same bytes wherever and whenever it is built.
STATIC_CC = $(if $(shell command -v musl-gcc),musl-gcc,$(CC))
static: skipverify-static
skipverify-static: $(SOURCES)
	$(STATIC_CC) $(CPPFLAGS) $(WARN) $(CFLAGS) -static -s -fno-asynchronous-unwind-tables skipverify.c $(LDFLAGS) -Wl,--build-id=none $(NEEDED) $(LIBS) -o $@

# The source as an archive, with checksums of it and of the static program, in build/. Dated by the last commit or, outside a repository, by skipverify.c.
VERSION = $(shell sed -n 's/^.define SKV_VERSION "\(.*\)"/\1/p' skipverify.h)
SOURCE_DATE_EPOCH ?= $(shell if test -e .git; then git log -1 --format=%ct; else stat -c %Y skipverify.c; fi)
DIST_FILES = $(sort Makefile README.md LICENSE .gitignore .ci/run skipverify.c skipverify.h $(wildcard tests/*.[ch] tests/*.py tests/*.sh tests/cluster/* vectors/*.inc vectors/*.py))
dist: skipverify-static
	@mkdir -p build
	tar --create --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime=@$(SOURCE_DATE_EPOCH) --transform 's,^,skipverify-$(VERSION)/,' $(DIST_FILES) | gzip -9n > build/skipverify-$(VERSION).tar.gz
	cp skipverify-static build/
	cd build && sha256sum skipverify-$(VERSION).tar.gz skipverify-static > SHA256SUMS && cat SHA256SUMS

build/%: tests/%.c tests/test.h $(SOURCES)
	@mkdir -p build
	$(CC) $(CPPFLAGS) $(TEST_FLAGS) $(SANITIZE) $< $(LDFLAGS) $(NEEDED) -lcmocka $(LIBS) -o $@

# Quick: cmocka programs, the library through its header, the command line from outside, the embedded vectors under every dispatch level, the recorded report.
check:
	@$(MAKE) --no-print-directory -j$(shell nproc) skipverify $(addprefix build/,$(TESTS))
	@set -e; for t in $(TESTS); do build/$$t; done
	sh tests/library.sh "$(CC)"
	sh tests/cli.sh ./skipverify
	./skipverify selftest
	./skipverify

check-sanitize:
	$(MAKE) -B SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" $(addprefix build/,$(TESTS))
	@set -e; for t in $(TESTS); do build/$$t; done
	$(CC) $(WARN) -O1 -g $(NEEDED) -fsanitize=address,undefined -fno-sanitize-recover=all skipverify.c $(LIBS) -o build/skipverify-sanitize
	build/skipverify-sanitize selftest
	build/skipverify-sanitize -q --level standard
	$(PYTHON) tests/faults.py build/skipverify-sanitize sealed_parts
	$(CC) $(WARN) -O1 -g $(NEEDED) -fsanitize=thread skipverify.c $(LIBS) -o build/skipverify-thread
	build/skipverify-thread -q --level quick --threads 4 --checkpoint build/kept
	rm -f $(addprefix build/,$(TESTS))

# Breaks the program on purpose, one place at a time, and expects a verdict or a vector to notice.
check-mutants:
	$(PYTHON) tests/mutants.py "$(CC)"

# Certificates of all paths against the checker in exact rational arithmetic, which shares no code with the program, and the checker's own tests.
check-certificates: skipverify
	$(PYTHON) tests/certificates.py ./skipverify
	$(PYTHON) tests/test_certificate.py

# 1,000 random instances: no certified bound below what 2,000 points of the path show in long double.
check-dense: $(SOURCES) tests/dense.c
	@mkdir -p build
	$(CC) $(CPPFLAGS) -O2 -Wno-unused-function $(LDFLAGS) tests/dense.c $(NEEDED) $(LIBS) -o build/dense
	build/dense

# The table of SHA-256s: machines (emulated), compilers, options, C libraries. About half an hour on two cores with all of `python3 tests/portability.py --packages`.
check-portability:
	$(PYTHON) tests/portability.py

# The static program: built twice elsewhere and compared, alone in an empty root directory; the source archive likewise.
check-static:
	sh tests/static.sh "$(MAKE)"

# Flipped bits, full disks, killed merges, clocks, locales, small stacks: the same bits or a clean error.
check-faults: skipverify
	$(PYTHON) tests/faults.py ./skipverify

# The job files of tests/cluster on a one-node Slurm and under GNU parallel, a job of each killed half-way and run again.
check-cluster: skipverify
	bash tests/cluster.sh ./skipverify

bench: skipverify
	./skipverify bench --threads 1
	./skipverify bench

# Records the golden rows anew and shows what changed. Never run by CI.
vectors/bless bless: skipverify
	./skipverify golden -o vectors/golden.inc
	git diff --stat -- vectors/golden.inc

install: skipverify
	install -D -m 755 skipverify $(DESTDIR)$(PREFIX)/bin/skipverify

clean:
	rm -rf build skipverify skipverify-static

.PHONY: all static dist check check-portability check-static check-faults check-cluster check-sanitize check-mutants check-certificates check-dense bench vectors/bless bless install clean

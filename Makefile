# skipverify: see README.md. Targets: all static check check-sanitize check-mutants check-certificates check-dense bench vectors/bless install clean.

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
SOURCES = skipverify.c skipverify.h vectors/exact.inc vectors/published.inc vectors/golden.inc vectors/iris.inc
TESTS = $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
# The test programs include skipverify.c: every section, whether a test uses it or not.
TEST_FLAGS = -O1 -g -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable

all: skipverify

skipverify: $(SOURCES)
	$(COMPILE) skipverify.c $(LDFLAGS) $(NEEDED) $(LIBS) -o $@

# One file that needs nothing else: musl where there is one, else glibc.
static: $(SOURCES)
	$(if $(shell command -v musl-gcc),musl-gcc,$(CC)) $(CPPFLAGS) $(WARN) $(CFLAGS) -static skipverify.c $(LDFLAGS) $(NEEDED) $(LIBS) -o skipverify-static

build/%: tests/%.c tests/test.h $(SOURCES)
	@mkdir -p build
	$(CC) $(CPPFLAGS) $(TEST_FLAGS) $(SANITIZE) $< $(LDFLAGS) $(NEEDED) -lcmocka $(LIBS) -o $@

# Quick: cmocka programs, the library through its header, the command line from outside, the embedded vectors under every dispatch level, the recorded report.
check: skipverify $(addprefix build/,$(TESTS))
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
	$(CC) $(WARN) -O1 -g $(NEEDED) -fsanitize=thread skipverify.c $(LIBS) -o build/skipverify-thread
	build/skipverify-thread -q --level quick --threads 4
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

.PHONY: all static check check-sanitize check-mutants check-certificates check-dense bench vectors/bless bless install clean

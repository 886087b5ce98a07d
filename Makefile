# SPDX-License-Identifier: MIT
# skipverify: see README.md and tests/README.md. It builds in any directory (`make -f ../skipverify/Makefile`), and
# with BUILD=DIR puts all it makes into DIR; the source is only read. Targets: all static dist install uninstall check
# quick lint bench bench-peers clean, and the campaigns check-*.

CC ?= cc
CFLAGS ?= -O2
PYTHON ?= python3

# Where `make install` puts things, below DESTDIR; names as the GNU coding standards have them.
PREFIX ?= /usr/local
prefix ?= $(PREFIX)
bindir ?= $(prefix)/bin
includedir ?= $(prefix)/include
libdir ?= $(prefix)/lib
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/skipverify
pkgconfigdir ?= $(libdir)/pkgconfig
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d

# Where the source is; what is built, and where the program goes: beside build/ unless BUILD is given.
MAKEFILE := $(lastword $(MAKEFILE_LIST))
SRC := $(patsubst ./%,%,$(dir $(MAKEFILE)))
PLACE := $(if $(filter command line,$(origin BUILD)),$(BUILD)/)
BUILD = build
PROGRAM = $(PLACE)skipverify
RUN = $(if $(filter /%,$(PROGRAM)),,./)$(PROGRAM)

# What the figures need comes after CFLAGS and LDFLAGS, so that overriding those cannot lose it.
# (Not -dumpmachine: it does not know of CC="gcc -m32".)
I386 := $(shell $(CC) $(CPPFLAGS) $(CFLAGS) -dM -E -x c /dev/null 2>/dev/null | grep -w __i386__)
NEEDED = -std=gnu99 -ffp-contract=off -fno-fast-math -fno-unsafe-math-optimizations -fno-associative-math \
    -fno-finite-math-only $(if $(I386),-msse2 -mfpmath=sse)
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
COMPILE = $(CC) $(CPPFLAGS) $(WARN) $(CFLAGS)
LIBS = -lm -lpthread
INCLUDED = exact published golden claims terms iris
SOURCES = $(SRC)skipverify.c $(SRC)skipverify.h $(INCLUDED:%=$(SRC)vectors/%.inc)

all: $(PROGRAM)

$(PROGRAM): $(SOURCES) | $(PLACE)
	$(COMPILE) $(SRC)skipverify.c $(LDFLAGS) $(NEEDED) $(LIBS) -o $@

$(BUILD)/ $(BUILD)/sanitize/ $(BUILD)/suites/:
	@mkdir -p $@

# One file that needs nothing else: by the CC given; without one by musl where it is, else with glibc (with which it is
# larger than 1 MiB). The same bytes wherever and whenever it is built.
STATIC_CC = $(if $(filter default file,$(origin CC)),$(or $(shell command -v musl-gcc),$(CC)),$(CC))
STATIC = $(PROGRAM)-static
# 130 KB less, and no slower: no tables for unwinding; addresses known when linked (no PIE); no gaps between the kinds
# of pages; no functions specialised to the constants of their callers, which are then inlined (only gcc knows of that).
STATIC_SMALL = -static -s -fno-asynchronous-unwind-tables -fno-pie -no-pie -Wl,-z,noseparate-code \
    $(if $(shell $(STATIC_CC) -dM -E -x c /dev/null 2>/dev/null | grep -w __clang__),,-fno-ipa-cp)
static: $(STATIC)
$(STATIC): $(SOURCES) | $(BUILD)/
	$(STATIC_CC) $(CPPFLAGS) $(WARN) $(CFLAGS) $(STATIC_SMALL) $(SRC)skipverify.c $(LDFLAGS) -Wl,--build-id=none \
	    $(NEEDED) $(LIBS) -o $@

# The source as an archive, a bill of materials, checksums of both and of the static program, in build/. Dated by the
# last commit or, where git cannot tell (outside a repository, without git, in another user's clone), by skipverify.c.
VERSION = $(shell sed -n 's/^.define SKV_VERSION "\(.*\)"/\1/p' $(SRC)skipverify.h)
SOURCE_DATE_EPOCH ?= $(shell cd $(or $(SRC),.) && \
    { test -e .git && git log -1 --format=%ct 2>/dev/null || stat -c %Y skipverify.c; })
DIST_FILES = $(sort $(patsubst $(SRC)%,%,$(wildcard $(addprefix $(SRC),Makefile README.md LICENSE .gitignore \
    .clang-format .editorconfig .ci/run skipverify.c skipverify.h tests/*.* tests/unit/*.[ch] tests/face/*.sh \
    tests/campaigns/*.* tests/campaigns/cluster/* tests/peers/*.* \
    vectors/*.* vectors/networks/* vectors/pictures/*))))
ARCHIVE = skipverify-$(VERSION).tar.gz
SBOM = skipverify-$(VERSION).spdx.json
dist: $(STATIC)
	tar --create --file=$(BUILD)/archive.tar --directory=$(or $(SRC),.) --format=ustar --owner=0 --group=0 \
	    --numeric-owner --mode=u=rwX,go=rX --mtime=@$(SOURCE_DATE_EPOCH) \
	    --transform 's,^,skipverify-$(VERSION)/,' $(DIST_FILES)
	gzip -9nf $(BUILD)/archive.tar
	mv $(BUILD)/archive.tar.gz $(BUILD)/$(ARCHIVE)
	test $(STATIC) -ef $(BUILD)/skipverify-static || cp $(STATIC) $(BUILD)/
	sh $(SRC)tests/sbom.sh $(VERSION) $(SOURCE_DATE_EPOCH) $(BUILD)/$(ARCHIVE) $(BUILD)/skipverify-static \
	    $(or $(SRC),.) > $(BUILD)/$(SBOM)
	cd $(BUILD) && sha256sum $(ARCHIVE) skipverify-static $(SBOM) > SHA256SUMS && cat SHA256SUMS

# The cmocka programs. Each includes the whole program: all of it, whether the test uses it or not. (-Og is the least
# time to compile and run: 30 s for all; -O0 takes 60, -O1 57.)
UNITS = $(patsubst $(SRC)tests/unit/test_%.c,%,$(wildcard $(SRC)tests/unit/test_*.c))
UNIT_WARN = -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable
UNIT = $(CC) $(CPPFLAGS) $(UNIT_WARN) $1 $< $(LDFLAGS) $(NEEDED) -lcmocka $(LIBS) -o $@

$(BUILD)/test_%: $(SRC)tests/unit/test_%.c $(SRC)tests/unit/test.h $(SOURCES) | $(BUILD)/
	$(call UNIT,-Og -g1)

# make quick TEST=networks: one of them, in seconds.
quick:
	@$(MAKE) -f $(MAKEFILE) --no-print-directory \
	    $(BUILD)/test_$(or $(TEST),$(error quick: expected TEST=one of $(UNITS)))
	$(BUILD)/test_$(TEST)

# All suites side by side: the unit tests, the command line, the library, the recorded report under every dispatch
# level, the plan of the house. A suite says when it starts and ends, and what it printed only if it fails.
FACES = dispatch seeds words answers sameness certificates writing shards interruption names places machine readme
PATHS = rows certificates refusals shards
PICTURES = rows files refusals
HELPS = screen words widths selection colours
FORMATS = json points csv github commands readers
SUITES = cli-dispatch $(addprefix unit-,kernels parts) $(filter-out cli-dispatch,$(FACES:%=cli-%)) \
    $(PATHS:%=paths-%) $(PICTURES:%=pictures-%) $(HELPS:%=help-%) $(FORMATS:%=formats-%) library recipes \
    programs house house-rules $(addprefix unit-,$(filter-out kernels parts,$(UNITS)))
SUITE = @sh $(SRC)tests/suite.sh $(BUILD)/suites/$@

check:
	@$(MAKE) -f $(MAKEFILE) --no-print-directory \
	    $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc)) suites
	@echo "check: $(words $(SUITES)) passed, 0 failed"

suites: $(SUITES)

$(filter unit-%,$(SUITES)): unit-%: $(BUILD)/test_% | $(BUILD)/suites/
	$(SUITE) $(BUILD)/test_$*

$(FACES:%=cli-%): cli-%: $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/cli.sh $(RUN) $*

$(PATHS:%=paths-%): $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/paths.sh $(RUN) $(@:paths-%=%)

$(FORMATS:%=formats-%): $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/formats.sh $(RUN) $(@:formats-%=%)

$(HELPS:%=help-%): $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/help.sh $(RUN) $(@:help-%=%)

$(PICTURES:%=pictures-%): $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/pictures.sh $(RUN) $(@:pictures-%=%)

library: $(SOURCES) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/library.sh "$(CC)"

recipes: $(PROGRAM) | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/recipes.sh $(MAKE) $(MAKEFILE)

# Do the C programs that no other suite builds still fit the program? Compiled, not linked.
OTHERS = $(addprefix $(SRC),tests/campaigns/dense.c tests/campaigns/fuzz.c tests/peers/peers.c)
programs: $(SOURCES) $(OTHERS) | $(BUILD)/suites/
	$(SUITE) $(CC) $(CPPFLAGS) $(UNIT_WARN) -fsyntax-only $(OTHERS) $(NEEDED)

# The program (read twice), the tests in C; of the scripts, the glossary and this file only the widths of
# lines.
TESTS_IN_C = $(wildcard $(addprefix $(SRC),tests/unit/*.[ch] tests/campaigns/*.c tests/peers/*.c))
SCRIPTS = $(wildcard $(addprefix $(SRC),Makefile vectors/terms.inc tests/*.awk tests/*.sh tests/face/*.sh \
    tests/campaigns/*.sh tests/campaigns/*.py tests/campaigns/cluster/* \
    tests/peers/*.py))
HOUSE = $(addprefix $(SRC),skipverify.c skipverify.c) $(TESTS_IN_C) $(SCRIPTS)
house: | $(BUILD)/suites/
	$(SUITE) awk -v comments=1 -f $(SRC)tests/house.awk $(HOUSE)

house-rules: | $(BUILD)/suites/
	$(SUITE) sh $(SRC)tests/face/house.sh

# Where clang-format is installed: is all C formatted as .clang-format says?
lint:
	clang-format --dry-run -Werror $(SRC)skipverify.[ch] $(TESTS_IN_C)

# Everything under ASan and UBSan, and the threads under TSan, in a directory of their own.
SANITIZE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
$(BUILD)/sanitize/test_%: $(SRC)tests/unit/test_%.c $(SRC)tests/unit/test.h $(SOURCES) | $(BUILD)/sanitize/
	$(call UNIT,$(SANITIZE))

$(BUILD)/sanitize/skipverify: $(SOURCES) | $(BUILD)/sanitize/
	$(CC) $(CPPFLAGS) $(WARN) $(SRC)skipverify.c $(LDFLAGS) $(NEEDED) $(SANITIZE) $(LIBS) -o $@

TSAN = -O1 -g -fsanitize=thread
$(BUILD)/sanitize/thread: $(SOURCES) | $(BUILD)/sanitize/
	$(CC) $(CPPFLAGS) $(WARN) $(SRC)skipverify.c $(LDFLAGS) $(NEEDED) $(TSAN) $(LIBS) -o $@

$(BUILD)/sanitize/thread_library: $(SRC)tests/unit/test_library.c $(SRC)tests/unit/test.h $(SOURCES) | \
    $(BUILD)/sanitize/
	$(call UNIT,$(TSAN))

check-sanitize: $(UNITS:%=$(BUILD)/sanitize/test_%) $(addprefix $(BUILD)/sanitize/,skipverify thread thread_library)
	@set -e; for t in $(UNITS); do $(BUILD)/sanitize/test_$$t; done
	$(BUILD)/sanitize/skipverify selftest
	$(BUILD)/sanitize/skipverify -q --level standard
	$(PYTHON) $(SRC)tests/campaigns/faults.py $(BUILD)/sanitize/skipverify sealed_parts
	$(BUILD)/sanitize/thread_library
	$(BUILD)/sanitize/thread -q --level quick --threads 4 --checkpoint $(BUILD)/sanitize/kept

# Breaks the program on purpose, one place at a time, and expects a verdict or a vector to notice.
check-mutants: mutants-texts
	$(PYTHON) $(SRC)tests/campaigns/mutants.py "$(CC)"

# Does every mutant still find its place? In a second.
mutants-texts:
	$(PYTHON) $(SRC)tests/campaigns/mutants.py --texts

# Certificates of all paths against the checker in exact rational arithmetic, which shares no code with the program, its
# own tests, and both checkers on random certificates of users' paths and their mutations.
check-certificates: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/certificates.py $(RUN)
	$(PYTHON) $(SRC)tests/campaigns/test_certificate.py
	$(PYTHON) $(SRC)tests/campaigns/test_certificate2.py
	$(PYTHON) $(SRC)tests/campaigns/agree.py $(RUN)

# Pairs of networks trained in PyTorch (Debian: python3-torch, python3-numpy; PYTHON=/usr/bin/python3), their paths
# asked back there, both checkers. Some hours with all rows; NETWORKS=... for those whose names hold one of the words.
check-networks: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/networks.py $(RUN) $(NETWORKS)

# Deep and residual ones, and beside the program's paths what people use, re-implemented in PyTorch. An hour; CURVES=...
# for rows whose names hold one of the words, CURVES=--scale for 60,000 samples of 784 inputs (libopenblas0 trains these
# networks thirty times faster).
check-curves: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/curves.py $(RUN) $(CURVES)

# 1,000 random instances: no certified bound below what 2,000 points of the path show in long double.
check-dense: $(BUILD)/dense
	$(BUILD)/dense
$(BUILD)/dense: $(SRC)tests/campaigns/dense.c $(SOURCES) | $(BUILD)/
	$(CC) $(CPPFLAGS) -O2 -Wno-unused-function $(LDFLAGS) $< $(NEEDED) $(LIBS) -o $@

# `landscape` on two hundred functions, against a solver of its own (Debian: python3-numpy, python3-mpmath): points,
# minima on the edge, kinds, values, barriers, reasons. Four minutes.
check-landscapes: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/landscapes.py $(RUN)

# The table of SHA-256s: machines (emulated), compilers, options, C libraries. About half an hour on two cores with all
# of `python3 tests/campaigns/portability.py --packages`.
check-portability:
	$(PYTHON) $(SRC)tests/campaigns/portability.py

# The static program: built twice elsewhere and compared, alone in an empty root directory; the source archive likewise.
check-static: dist
	sh $(SRC)tests/campaigns/static.sh "$(MAKE)" $(BUILD)

# Flipped bits, full disks, killed merges, clocks, locales, small stacks: the same bits or a clean error. Then every
# n-th call of malloc, open, write, fsync, rename, ... fails, once and from then on.
check-faults: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/faults.py $(RUN)
	$(PYTHON) $(SRC)tests/campaigns/failing.py $(RUN)

# Coverage-guided fuzzing of what reads others' words and numbers, a minute a target (FUZZ_SECONDS); needs clang with
# libFuzzer (Debian: clang and libclang-rt-14-dev).
FUZZ_CC = clang
FUZZ_SECONDS = 60
check-fuzz: | $(BUILD)/
	$(PYTHON) $(SRC)tests/campaigns/fuzz.py $(FUZZ_CC) $(BUILD)/fuzz $(FUZZ_SECONDS)

# Reports of every command and form, of hostile names and parts too, by Python's readers and schemas of their own.
check-formats: $(PROGRAM)
	$(PYTHON) $(SRC)tests/campaigns/formats.py $(RUN)

# The job files of tests/campaigns/cluster on a one-node Slurm and under GNU parallel, a job of each killed half-way and
# run again.
check-cluster: $(PROGRAM)
	bash $(SRC)tests/campaigns/cluster.sh $(RUN)

bench: $(PROGRAM)
	$(RUN) bench --threads 1
	$(RUN) bench
	$(RUN) bench --growth

# Against others, in alternating pairs, as a table of ratios (Debian: libopenblas0 libblis4 python3-numpy; what is
# missing is skipped by name). Some ten minutes. PEERS=gemm,svd: only these rows; BASE=FILE: beside an older program;
# LONG=1048576: the path of so many units too.
PEERS_LIST = $(subst $(comma), ,$(PEERS))
comma = ,
bench-peers: $(PROGRAM) $(BUILD)/peers
	PYTHON="$(PYTHON)" BASE="$(BASE)" LONG="$(LONG)" $(BUILD)/peers $(RUN) $(SRC)tests/peers $(PEERS_LIST)
$(BUILD)/peers: $(SRC)tests/peers/peers.c $(SOURCES) | $(BUILD)/
	$(CC) $(CPPFLAGS) $(UNIT_WARN) -O2 $(LDFLAGS) $< $(NEEDED) $(LIBS) -ldl -o $@

# Records the golden rows anew, shows which verdicts changed, and builds the program with them. Never run by CI. What is
# UNDECIDED is not recorded: the old file stays.
GOLDEN = $(SRC)vectors/golden.inc
vectors/bless bless: $(PROGRAM) | $(BUILD)/
	$(RUN) golden -o $(BUILD)/golden.inc
	! grep UNDECIDED $(BUILD)/golden.inc
	@for f in $(GOLDEN) $(BUILD)/golden.inc; do \
	    sed -n 's/^\(CASE("[^"]*", "[^"]*", "[^"]*"\), .*/\1/p' $$f; done \
	    | sort | uniq -u | sed 's/^/verdict before or now: /'
	mv $(BUILD)/golden.inc $(GOLDEN)
	@$(MAKE) -f $(MAKEFILE) --no-print-directory $(PROGRAM)
	sh $(SRC)tests/face/paths.sh $(RUN) record > $(BUILD)/paths.txt
	mv $(BUILD)/paths.txt $(SRC)vectors/paths.txt
	git -C $(or $(SRC),.) diff --stat -- vectors/golden.inc vectors/paths.txt

# What goes with the program. The manual page and the completions it prints itself or, where it is built for another
# machine, one that HOSTCC builds for this one.
HOSTCC ?= cc
LIBRARY = $(BUILD)/libskipverify.a
ARCHIVER = $(shell $(CC) -print-prog-name=ar 2>/dev/null || echo ar)
$(LIBRARY): $(SOURCES) | $(BUILD)/
	$(COMPILE) -Wno-unused-function -DSKIPVERIFY_NO_MAIN -c $(SRC)skipverify.c $(NEEDED) -o $(BUILD)/libskipverify.o
	rm -f $@
	$(ARCHIVER) rcs $@ $(BUILD)/libskipverify.o

PRINTED = $(addprefix $(BUILD)/,skipverify.1 completion.bash completion.zsh completion.fish)
$(BUILD)/teller: $(PROGRAM) | $(BUILD)/
	if $(RUN) --version > /dev/null 2>&1; then cp $(PROGRAM) $@; \
	else $(HOSTCC) -O1 $(SRC)skipverify.c -ffp-contract=off -lm -lpthread -o $@; fi

$(BUILD)/skipverify.1: $(BUILD)/teller
	$(abspath $<) manual -o $@

$(BUILD)/completion.%: $(BUILD)/teller
	$(abspath $<) completion $* -o $@

$(BUILD)/skipverify.pc: always | $(BUILD)/
	printf '%s\n' 'prefix=$(prefix)' 'includedir=$(patsubst $(prefix)/%,$${prefix}/%,$(includedir))' \
	    'libdir=$(patsubst $(prefix)/%,$${prefix}/%,$(libdir))' '' 'Name: skipverify' \
	    'Description: Matrix products, SVD with certified bounds and exact sums, the same bits on every machine' \
	    'Version: $(VERSION)' 'Cflags: -I$${includedir}' \
	    'Libs: -L$${libdir} -lskipverify -lm -lpthread' > $@

# "MODE|FILE|PLACE": what install puts where, and uninstall takes away.
INSTALLED = "755|$(PROGRAM)|$(bindir)/skipverify" "644|$(BUILD)/skipverify.1|$(mandir)/man1/skipverify.1" \
    "644|$(BUILD)/completion.bash|$(bashdir)/skipverify" "644|$(BUILD)/completion.zsh|$(zshdir)/_skipverify" \
    "644|$(BUILD)/completion.fish|$(fishdir)/skipverify.fish" "644|$(SRC)skipverify.h|$(includedir)/skipverify.h" \
    "644|$(LIBRARY)|$(libdir)/libskipverify.a" "644|$(BUILD)/skipverify.pc|$(pkgconfigdir)/skipverify.pc" \
    "755|$(SRC)vectors/certificate.py|$(datadir)/skipverify/certificate.py" "644|$(SRC)LICENSE|$(docdir)/LICENSE"

always:

install: $(PROGRAM) $(PRINTED) $(LIBRARY) $(BUILD)/skipverify.pc
	@set -ef; IFS='|'; for row in $(INSTALLED); do \
	    set -- $$row; echo "install $$3"; install -D -m "$$1" "$$2" "$(DESTDIR)$$3"; done

# And directories of its own, if they are empty then.
uninstall:
	@set -f; IFS='|'; for row in $(INSTALLED); do set -- $$row; echo "remove $$3"; rm -f "$(DESTDIR)$$3"; done
	@for own in "$(DESTDIR)$(docdir)" "$(DESTDIR)$(datadir)/skipverify"; do \
	    if test -d "$$own"; then rmdir --ignore-fail-on-non-empty "$$own"; fi; done

clean:
	rm -f $(PROGRAM) $(STATIC)
	$(if $(PLACE),,rm -rf build)
	rm -rf $(addprefix $(BUILD)/,test_* dense peers skipverify-* archive.tar* SHA256SUMS sanitize suites fuzz \
	    libskipverify.* teller completion.* skipverify.1 skipverify.pc)
	test ! -d $(BUILD) || rmdir $(BUILD)

.PHONY: all static dist quick check suites $(SUITES) lint mutants-texts vectors/bless bless always install uninstall \
    clean bench bench-peers check-formats check-portability check-static check-faults check-fuzz check-cluster \
    check-sanitize check-mutants check-certificates check-dense check-landscapes check-networks \
    check-curves

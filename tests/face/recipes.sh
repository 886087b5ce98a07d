# SPDX-License-Identifier: MIT
# The Makefile's recipes in settings that are not the author's: other compilers, no git, names with spaces.
#   sh tests/face/recipes.sh MAKE MAKEFILE, where `make` has built the program
set -u
make=$1
makefile=$2
. "$(dirname "$0")/common.sh"

# shows TEXT ARGS...: what make would do holds TEXT
shows() {
    text=$1; shift
    if "$make" -f "$makefile" -n -B "$@" 2> "$dir/err" | grep -qF -- "$text"; then ok
    else bad "make -n $*: without '$text'; $(cat "$dir/err")"; fi
}
hides() {
    text=$1; shift
    if "$make" -f "$makefile" -n -B "$@" 2> "$dir/err" | grep -qF -- "$text"; then bad "make -n $*: has '$text'"
    else ok; fi
}

case $(uname -m) in
x86_64)
    shows "-msse2 -mfpmath=sse" CC="cc -m32"
    shows "-msse2 -mfpmath=sse" CFLAGS="-O2 -m32"
    hides "-msse2" CC=cc
    ;;
esac
shows "s390x-linux-gnu-gcc" static CC=s390x-linux-gnu-gcc
hides "musl-gcc" static CC=s390x-linux-gnu-gcc

# What is installed, into a directory with a space in its name, and that it goes again.
place="$dir/a place"
"$make" -s -f "$makefile" install DESTDIR="$place" PREFIX="/with/a prefix" > "$dir/log" 2>&1 ||
    bad "install: $(tail -3 "$dir/log")"
at="$place/with/a prefix"
for file in bin/skipverify share/man/man1/skipverify.1 share/bash-completion/completions/skipverify \
    share/zsh/site-functions/_skipverify share/fish/vendor_completions.d/skipverify.fish include/skipverify.h \
    lib/libskipverify.a lib/pkgconfig/skipverify.pc share/skipverify/certificate.py share/doc/skipverify/LICENSE; do
    if [ -s "$at/$file" ]; then ok; else bad "install: no $file"; fi
done
if [ "$(find "$place" -type f | wc -l)" = 10 ]; then ok; else bad "install: other files: $(find "$place" -type f)"; fi
if "$at/bin/skipverify" --version > /dev/null; then ok; else bad "the installed program does not run"; fi
if "$at/bin/skipverify" manual | cmp -s - "$at/share/man/man1/skipverify.1"; then ok
else bad "the installed manual page is not the program's"; fi

# tried TOOL COMMAND...: no word and exit code 0 from it, where it is
tried() {
    tool=$1; shift
    command -v "$tool" > /dev/null || { echo "SKIPPED $tool: not installed"; return; }
    if said=$("$@" 2>&1) && [ -z "$said" ]; then ok; else bad "$*: $said"; fi
}
tried mandoc mandoc -Tlint "$at/share/man/man1/skipverify.1"
tried bash bash -n "$at/share/bash-completion/completions/skipverify"
tried zsh zsh -n "$at/share/zsh/site-functions/_skipverify"
tried fish fish -n "$at/share/fish/vendor_completions.d/skipverify.fish"
cat > "$dir/use.c" <<'C'
#include <skipverify.h>
int main(void) { return skv_probe() || skv_sum(2, (double[]) { 1, 2 }) != 3; }
C
if cc "$dir/use.c" "-I$at/include" "$at/lib/libskipverify.a" -lm -lpthread -o "$dir/use" 2> "$dir/err" &&
    "$dir/use"; then ok; else bad "the installed library: $(head -3 "$dir/err")"; fi
if command -v pkg-config > /dev/null; then
    flags=$(PKG_CONFIG_PATH="$at/lib/pkgconfig" pkg-config --cflags --libs skipverify)
    case $flags in *-lskipverify*-lm*) ok ;; *) bad "pkg-config says '$flags'" ;; esac
fi
"$make" -s -f "$makefile" uninstall DESTDIR="$place" PREFIX="/with/a prefix" > "$dir/log" 2>&1
if [ -z "$(find "$place" -type f)" ] && [ ! -d "$at/share/skipverify" ]; then ok
else bad "uninstall leaves $(find "$place" -type f)"; fi

# A date for the archive where git does not know one, or is not there.
mkdir "$dir/bin"
printf '#!/bin/sh\nexit 128\n' > "$dir/bin/git" && chmod +x "$dir/bin/git"
if PATH=$dir/bin:$PATH "$make" -f "$makefile" -n -B dist 2> /dev/null | grep -Eq -- '--mtime=@[0-9]{9,} '; then ok
else bad "make dist, where git fails, has no date"; fi

echo "recipes: $passed passed, $failed failed"
[ $failed = 0 ]

# The Makefile's recipes in settings that are not the author's: other compilers, no git, names with spaces.
#   sh tests/face/recipes.sh MAKE MAKEFILE, where `make` has built the program
set -u
make=$1
makefile=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL $*"; }

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

"$make" -s -f "$makefile" install DESTDIR="$dir/a place" PREFIX=/with/prefix > "$dir/log" 2>&1
if "$dir/a place/with/prefix/bin/skipverify" --version > /dev/null; then ok; else bad "install: $(cat "$dir/log")"; fi

# A date for the archive where git does not know one, or is not there.
mkdir "$dir/bin"
printf '#!/bin/sh\nexit 128\n' > "$dir/bin/git" && chmod +x "$dir/bin/git"
if PATH=$dir/bin:$PATH "$make" -f "$makefile" -n -B dist 2> /dev/null | grep -Eq -- '--mtime=@[0-9]{9,} '; then ok
else bad "make dist, where git fails, has no date"; fi

echo "recipes: $passed passed, $failed failed"
[ $failed = 0 ]

#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets as OSS-Fuzz asks for it: with its $CC, $CFLAGS and
# $LIB_FUZZING_ENGINE, into $OUT, each with its corpus and the dictionary. Run in
# the root of the sources. The libraries go along: there are none where it runs.
#
# shellcheck disable=SC2016,SC2046,SC2086 # lists of flags; ld's $ORIGIN

includes="-std=c99 -I. -Itests/unit $(apr-1-config --cppflags --includes)
    $(apu-1-config --includes)"
libs="$(apu-1-config --link-ld) $(apr-1-config --link-ld --libs) -lcmocka -lpcre2-8"
work=$(mktemp -d)

for source in cors_*.c; do
    $CC $CFLAGS $includes -include tests/fuzz/exact.h -c "$source" \
        -o "$work/${source%.c}.o"
done
mkdir -p "$OUT/lib"
perl tests/fuzz/run --unpack "$work"
for source in tests/fuzz/*.c; do
    target=$(basename "$source" .c)
    $CC $CFLAGS $includes -c "$source" -o "$work/$target.target.o"
    $CXX $CXXFLAGS "$work/$target.target.o" "$work"/cors_*.o -o "$OUT/$target" \
        $LIB_FUZZING_ENGINE $libs -Wl,-rpath,'$ORIGIN/lib'
    (cd "$work/$target.seeds" && zip -qr "$OUT/${target}_seed_corpus.zip" .)
    cp tests/fuzz/words.dict "$OUT/$target.dict"
done
ldd "$OUT"/* 2>/dev/null | sed -n 's/.*=> \(.*lib\(apr-1\|aprutil-1\|cmocka\|pcre2-8\|crypt\|expat\|uuid\)\.so[^ ]*\).*/\1/p' |
    sort -u | xargs -I {} cp -L {} "$OUT/lib"
rm -rf "$work"

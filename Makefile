# mod_cors: every task is a target of this file; `make help` lists them.
#
#   make APXS=/opt/httpd/bin/apxs    builds for another httpd than Debian's
#   make http MPM=prefork            worker, prefork or event (the default)
#   make http TESTS=t/000_load.t     only these
#   make http SAN=asan               built or run in another way: asan, tsan,
#                                    memcheck, hardened (tests/instrumented)
#   make PSL=no                      without libpsl, which is used if found
#   make ... V=1                     test programs show what they print
#
# Everything that is built goes to build/.

APXS   ?= apxs
CC     ?= cc
MPM    ?= event
FUZZ_SECONDS ?= 60
SOAK_REQUESTS ?= 500000
PROVE  := perl tests/suite
PSL    ?= $(shell pkg-config --exists libpsl 2>/dev/null && echo yes)
WERROR ?= $(if $(CI),-Werror)

# Not -Wunused-parameter: hooks and directives have fixed signatures. Not
# -Wmissing-field-initializers: a table of directives ends in { NULL }.
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wno-unused-parameter \
            -Wno-missing-field-initializers
SOURCES  := mod_cors.c $(wildcard cors_*.c)
HEADERS  := $(wildcard cors_*.h)
MODULE   := build/module/.libs/mod_cors.so

# Asked only where they are used: apxs may have to be installed first.
LIBEXECDIR = $(shell $(APXS) -q LIBEXECDIR)
SYSCONFDIR = $(shell $(APXS) -q SYSCONFDIR)
MODS       = $(DESTDIR)$(SYSCONFDIR)/mods
HTTPD      = $(shell $(APXS) -q sbindir)/$(shell $(APXS) -q progname)
APR_CONFIG = $(shell $(APXS) -q APR_CONFIG)
APR_CFLAGS = $(shell $(APR_CONFIG) --cppflags --includes)
APR_LIBS   = $(shell $(APR_CONFIG) --link-ld --libs)
INCLUDES   = -I$(shell $(APXS) -q INCLUDEDIR) $(APR_CFLAGS)

PSL_CFLAGS = $(if $(filter yes,$(PSL)),-DCORS_HAVE_LIBPSL \
                 $(shell pkg-config --cflags libpsl))
PSL_LIBS   = $(if $(filter yes,$(PSL)),$(shell pkg-config --libs libpsl))

# What tests/instrumented and tests/coverage want to know.
INSTRUMENTED = HTTPD=$(HTTPD) MODULES=$(LIBEXECDIR) LIBS='$(PSL_LIBS)' \
               INCLUDES='-I. $(INCLUDES) $(PSL_CFLAGS)'

comma := ,
SUITES := unit threads replay http guards
SANITIZE := -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
            -fno-sanitize-recover=all
# TSan's fixed shadow memory does not fit every random layout.
NO_ASLR = $(shell setarch -R true 2>/dev/null && echo setarch -R)
UNIT_CFLAGS = -std=c99 $(WARNINGS) -Werror $(SANITIZE) -I. $(APR_CFLAGS)
ENGINE := build/unit/cors_policy.o
NODE_MODULES := build/browser/node_modules
REPLAY := $(patsubst tests/fuzz/%.c,build/replay/%,$(wildcard tests/fuzz/*.c))
UNIT   := $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/test_*.c))

export APXS CC WARNINGS

.PHONY: all install uninstall test unit http guards demo format tidy clean help
.PHONY: threads replay fuzz soak coverage bench test-browser
.PHONY: deps-build deps-test deps-fuzz deps-tools deps-bench deps-browser
.PHONY: deps-soak deps-instrumented
.DELETE_ON_ERROR:

all: deps-build          ## build the module
	@$(MAKE) --no-print-directory $(MODULE)

$(MODULE): $(SOURCES) $(HEADERS) Makefile build/module/options
	cp $(SOURCES) $(HEADERS) build/module
	cd build/module && LTFLAGS=--silent $(APXS) -c $(PSL_CFLAGS) \
	    $(addprefix -Wc$(comma),-std=c99 $(WARNINGS) $(WERROR)) \
	    '-Wl,-export-symbols-regex cors_module' $(SOURCES) $(PSL_LIBS)

# What the module was built with; changes only when that does.
build/module/options: FORCE
	@mkdir -p build/module
	@echo '$(APXS) $(PSL_CFLAGS) $(WERROR)' | cmp -s - $@ || \
	    echo '$(APXS) $(PSL_CFLAGS) $(WERROR)' > $@
FORCE:

install: all             ## install it; on Debian, `a2enmod cors` then works
	@mkdir -p $(DESTDIR)$(LIBEXECDIR)
	$(APXS) -S LIBEXECDIR=$(DESTDIR)$(LIBEXECDIR) -i -n cors \
	    build/module/mod_cors.la
	@if test -d $(MODS)-available; then \
	    install -m 644 conf/cors.load conf/cors.conf $(MODS)-available && \
	    echo 'Enable it with: a2enmod cors, then reload apache2'; \
	else \
	    echo 'Enable it with this line in httpd.conf:'; \
	    echo '    LoadModule cors_module $(LIBEXECDIR)/mod_cors.so'; \
	fi

uninstall:               ## take away what install put there
	rm -f $(DESTDIR)$(LIBEXECDIR)/mod_cors.so
	rm -f $(foreach d,enabled available,$(MODS)-$d/cors.load $(MODS)-$d/cors.conf)

test: deps-test          ## all tests that need no browser
	@for suite in $(SUITES); do \
	    echo "== $$suite"; rm -f build/results/$$suite; \
	    $(MAKE) --no-print-directory $$suite || :; \
	done; $(PROVE) --total $(SUITES)

unit: deps-test          ## the engine's unit tests, with ASan and UBSan
	@$(MAKE) --no-print-directory build/unit/options $(UNIT)
	@CMOCKA_MESSAGE_OUTPUT=TAP ASAN_OPTIONS=$$(cat build/unit/options) \
	    $(PROVE) unit $(UNIT)

threads: deps-test       ## the engine in many threads, with TSan
	@$(MAKE) --no-print-directory build/threads/threads
	@CMOCKA_MESSAGE_OUTPUT=TAP $(NO_ASLR) $(PROVE) threads \
	    build/threads/threads

build/threads/threads: tests/unit/threads.c tests/unit/testing.h \
                       cors_policy.c $(HEADERS)
	@mkdir -p build/threads
	$(CC) -std=c99 $(WARNINGS) -Werror -g -O1 -fsanitize=thread -I. \
	    $(APR_CFLAGS) -o $@ $< cors_policy.c $(APR_LIBS) -lcmocka

build/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(ENGINE)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(ENGINE) $(APR_LIBS) -lcmocka

build/unit/%.o: %.c $(HEADERS) Makefile
	@mkdir -p build/unit
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

# LeakSanitizer needs ptrace, which some containers refuse.
build/unit/options: Makefile
	@mkdir -p build/unit
	@echo 'int main(void) { return 0; }' > build/unit/probe.c
	@$(CC) -fsanitize=address -o build/unit/probe build/unit/probe.c
	@if build/unit/probe 2>/dev/null; then echo detect_leaks=1; \
	else echo "leaks cannot be looked for on this machine" >&2; \
	    echo detect_leaks=0; fi > $@

replay: deps-test        ## the corpora of the fuzz targets, as tests
	@$(MAKE) --no-print-directory build/unit/options $(REPLAY)
	@ASAN_OPTIONS=$$(cat build/unit/options) $(PROVE) replay $(REPLAY)

build/replay/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(ENGINE)
	@mkdir -p build/replay
	$(CC) $(UNIT_CFLAGS) -Itests/unit -DREPLAY \
	    -DCORPUS='"tests/fuzz/corpus/$*"' -o $@ $< $(ENGINE) $(APR_LIBS) \
	    -lcmocka

fuzz: deps-fuzz          ## look for broken properties (FUZZ_SECONDS=60 each)
	@INCLUDES='-I. $(INCLUDES)' LIBS='$(APR_LIBS)' \
	    tests/fuzz/run --seconds $(FUZZ_SECONDS)

coverage: all deps-test  ## lines and branches that the tests run
	@$(INSTRUMENTED) APR_LIBS='$(APR_LIBS)' tests/coverage $(COVERAGE)

ifdef SAN
http: all deps-test deps-instrumented
	@$(INSTRUMENTED) tests/instrumented $(SAN) http --mpm $(MPM) $(TESTS)

soak: all deps-soak deps-instrumented
	@$(INSTRUMENTED) tests/instrumented $(SAN) soak \
	    --requests $(SOAK_REQUESTS)
else
soak: all deps-soak      ## a load with restarts and kills (SOAK_REQUESTS=500000)
	@tests/private-run tests $(MODULE) -- perl tests/soak/run \
	    --httpd $(HTTPD) --modules $(LIBEXECDIR) --module $(MODULE) \
	    --requests $(SOAK_REQUESTS)

http: all deps-test      ## tests against a real httpd (TESTS=t/..., MPM=...)
	@tests/private-run --out build/results tests conf $(MODULE) -- \
	    perl tests/http/run --httpd $(HTTPD) --modules $(LIBEXECDIR) \
	    --module $(MODULE) --mpm $(MPM) $(TESTS)
endif

guards: all deps-test    ## exports, warnings, layers, nothing undocumented
	@INCLUDES='$(INCLUDES)' MODULE=$(MODULE) $(PROVE) guards \
	    $(sort $(wildcard tests/guards/*.t))

test-browser: all deps-browser ## in Chromium and Firefox
	@rm -f build/results/browser
	@$(MAKE) --no-print-directory $(NODE_MODULES)/.package-lock.json
	@tests/private-run --out build/results tests conf build/browser $(MODULE) \
	    -- sh tests/browser/run $(HTTPD) $(LIBEXECDIR) $(MODULE) \
	    $(NODE_MODULES) $(TESTS)
	@$(PROVE) --total browser

$(NODE_MODULES)/.package-lock.json: $(addprefix tests/browser/,package.json \
                                    package-lock.json .npmrc)
	@mkdir -p build/browser
	cp $^ build/browser
	cd build/browser && npm ci
	@touch $@

bench: all deps-bench    ## instructions per request and their bounds (BENCH=)
	@tests/private-run --out build/bench tests/bench tests/lib $(MODULE) -- \
	    perl tests/bench/run --apxs $(APXS) --module $(MODULE) $(BENCH)

demo: all deps-test      ## a private httpd to try a policy on (Ctrl-C ends it)
	@tests/private-run conf $(MODULE) -- \
	    sh conf/demo/run $(HTTPD) $(LIBEXECDIR) $(MODULE)

format: deps-tools       ## clang-format, in place
	clang-format -i $(SOURCES) $(HEADERS) $(wildcard tests/unit/*.[ch])

tidy: deps-tools         ## static checks of all code (TIDY='gcc cppcheck')
	@INCLUDES='$(INCLUDES)' tests/tidy $(TIDY)

clean:                   ## remove build/
	rm -rf build

help:                    ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' Makefile | expand -t 12

DEPS := deps-test deps-fuzz deps-tools deps-bench deps-browser \
        deps-soak deps-instrumented
$(DEPS): | deps-build
deps-build $(DEPS): deps-%:
	@tests/deps $*

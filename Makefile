# SPDX-License-Identifier: Apache-2.0
#
# mod_cors: every task is a target of this file; `make help` lists them.
#
#   make APXS=/opt/httpd/bin/apxs    builds for another httpd than Debian's
#   make PSL=no                      without libpsl, which is used if found
#   make check CHECK='unit replay'   only these suites
#   make http MPM=prefork            worker, prefork or event (the default)
#   make http TESTS=t/000_load.t     only these
#   make http AGAIN=yes              and all requests again, under ReportOnly
#   make http BUILD=asan             built or run in another way: asan, tsan,
#                                    memcheck, hardened (tests/instrumented)
#   make check JOBS=1                tests one by one, not one a processor
#   make ... V=1                     shows all commands, and what tests print
#   make install DESTDIR=/tmp/root   below that directory
#
# CC, CPPFLAGS, CFLAGS, LDFLAGS and LTFLAGS (libtool's) are heeded, after apxs's
# own. Everything that is built goes to build/.
#
# A package build is known by SOURCE_DATE_EPOCH, which rpmbuild and
# dpkg-buildpackage set: there nothing is ever installed, commands are shown,
# and a warning of a newer compiler does not end the tests.

APXS   ?= apxs
CC     ?= cc
MPM    ?= event
CHECK  ?= unit threads replay http guards packaging
FUZZ_SECONDS ?= 60
SOAK_REQUESTS ?= 500000
PROVE  := perl tests/suite
WERROR ?= $(if $(CI),-Werror)
ifdef SOURCE_DATE_EPOCH
V      ?= 1
else
STRICT := -Werror
endif
LTFLAGS ?= $(if $(V),--no-silent,--silent)

# libpsl is used if it is there; pkg-config only knows better where.
PKG_CONFIG ?= pkg-config
PSL ?= $(shell { $(PKG_CONFIG) --exists libpsl || $(CC) $(CPPFLAGS) -E \
         -include libpsl.h -x c /dev/null; } >/dev/null 2>&1 && echo yes)

# mod_cors* is httpd's side, cors_* the engine, which knows only APR.
SOURCES := $(sort $(wildcard mod_cors*.c cors_*.c))
HEADERS := $(sort $(wildcard mod_cors*.h cors_*.h))
ENGINE  := $(filter cors_%,$(SOURCES))
MODULE  := build/module/.libs/mod_cors.so
VERSION := $(shell sed -n 's/^.define CORS_VERSION "\(.*\)"/\1/p' \
             mod_cors_version.h)

# Not -Wunused-parameter: hooks and directives have fixed signatures. Not
# -Wmissing-field-initializers: a table of directives ends in { NULL }.
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wno-unused-parameter \
            -Wno-missing-field-initializers

# What the scripts of tests/ are told of the build.
export APXS CC WARNINGS SOURCES HEADERS ENGINE

# Asked only where they are used: apxs may have to be installed first.
LIBEXECDIR = $(shell $(APXS) -q LIBEXECDIR 2>/dev/null)
SYSCONFDIR = $(shell $(APXS) -q SYSCONFDIR 2>/dev/null)
HTTPD      = $(shell $(APXS) -q sbindir 2>/dev/null)/$(shell $(APXS) -q progname 2>/dev/null)
APR_CONFIG = $(shell $(APXS) -q APR_CONFIG 2>/dev/null)
APU_CONFIG = $(shell $(APXS) -q APU_CONFIG 2>/dev/null)
APR_CFLAGS = $(shell $(APR_CONFIG) --cppflags --includes) \
             -I$(shell $(APU_CONFIG) --includedir)
APR_LIBS   = $(shell $(APU_CONFIG) --link-ld) \
             $(shell $(APR_CONFIG) --link-ld --libs)
INCLUDES   = -I$(shell $(APXS) -q INCLUDEDIR 2>/dev/null) $(APR_CFLAGS)

PSL_CFLAGS = $(if $(filter yes,$(PSL)),-DCORS_HAVE_LIBPSL \
                 $(shell $(PKG_CONFIG) --cflags libpsl 2>/dev/null))
PSL_LIBS   = $(if $(filter yes,$(PSL)),$(shell \
                 $(PKG_CONFIG) --libs libpsl 2>/dev/null || echo -lpsl))

INSTRUMENTED = HTTPD=$(HTTPD) MODULES=$(LIBEXECDIR) LIBS='$(PSL_LIBS)' \
               INCLUDES='-I. $(INCLUDES) $(PSL_CFLAGS)'

comma := ,
SANITIZE ?= -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
            -fno-sanitize-recover=all
# TSan's fixed shadow memory does not fit every random layout.
NO_ASLR = $(shell setarch -R true 2>/dev/null && echo setarch -R)
UNIT_CFLAGS = -std=c99 $(WARNINGS) $(STRICT) $(SANITIZE) -I. $(APR_CFLAGS)
OBJECTS := $(ENGINE:%.c=build/unit/%.o)
UNIT    := $(patsubst tests/%.c,build/%,$(wildcard tests/unit/test_*.c))
REPLAY  := $(patsubst tests/fuzz/%.c,build/replay/%,$(wildcard tests/fuzz/*.c))
NODE_MODULES := build/browser/node_modules
JUDGE   := build/browser/judge

# Of the release; not debian/, which belongs to Debian's packager.
DIST := $(SOURCES) $(HEADERS) Makefile README.md CHANGES CONTRIBUTING.md \
        LICENSE SECURITY.md .ci .clang-format .clang-tidy .editorconfig \
        .gitignore conf docs packaging tests
RELEASED = $(shell sed -n '1s/.*(\(.*\))$$/\1/p' CHANGES)
TARBALL  = build/mod_cors-$(VERSION).tar.gz

TASKS := all install uninstall check test unit threads replay http guards \
         packaging demo fuzz soak bench test-browser coverage format tidy \
         deps dist manual deb deb-here rpm oss-fuzz clean help
.PHONY: $(TASKS) FORCE
.DELETE_ON_ERROR:
ifndef V
.SILENT: $(TASKS)
endif

all: $(MODULE)           ## build the module

# apxs takes flags one by one. It has a compiler of its own; if another is named,
# libtool has to be told too.
FOREIGN_CC     = $(filter-out cc,$(CC))
MODULE_LTFLAGS = $(or $(LTFLAGS),--no-silent) $(if $(FOREIGN_CC),--tag=CC)
MODULE_FLAGS   = $(if $(FOREIGN_CC),-S CC='$(CC)') $(PSL_CFLAGS) \
    $(addprefix -Wc$(comma),-std=c99 $(WARNINGS) $(WERROR) $(CPPFLAGS) \
        $(CFLAGS)) \
    $(addprefix -Wl$(comma),$(LDFLAGS)) '-Wl,-export-symbols-regex cors_module'

$(MODULE): $(SOURCES) $(HEADERS) Makefile build/module/options | needs-build
	rm -f build/module/*.[ch]
	cp $(SOURCES) $(HEADERS) build/module
	cd build/module && LTFLAGS='$(MODULE_LTFLAGS)' \
	    $(APXS) -c -o mod_cors.la \
	    $(MODULE_FLAGS) $(SOURCES) $(PSL_LIBS)
	$(if $(PSL),,@echo 'Built without libpsl: only single labels, such as \
com, count as public suffixes.')

# What the module was built with; changes only when that does.
build/module/options: FORCE | needs-build
	@mkdir -p build/module
	@echo '$(subst ','\'',$(APXS) $(MODULE_FLAGS) $(SOURCES))' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

# cors.conf is only for httpds whose layout has a place for it: a layout is known
# by its directories, Debian's also in a bare DESTDIR. What LOAD and CONF name
# can be changed, as DOCDIR can.
CONFDIR = $(patsubst %/conf,%,$(SYSCONFDIR))
LAYOUT  = $(or $(if $(wildcard $(SYSCONFDIR)/mods-available)$(filter \
    /etc/apache2:/usr/lib/apache2/modules,$(SYSCONFDIR):$(LIBEXECDIR)),debian),\
    $(if $(wildcard $(CONFDIR)/conf.modules.d),fedora),httpd)
debian_LOAD = $(SYSCONFDIR)/mods-available/cors.load
debian_CONF = $(SYSCONFDIR)/mods-available/cors.conf
fedora_LOAD = $(CONFDIR)/conf.modules.d/10-cors.conf
fedora_CONF = $(CONFDIR)/conf.d/cors.conf
httpd_CONF  = $(SYSCONFDIR)/extra/cors.conf
LOAD   ?= $($(LAYOUT)_LOAD)
CONF   ?= $($(LAYOUT)_CONF)
DOCDIR ?= $(dir $(shell $(APXS) -q sbindir 2>/dev/null))share/doc/mod_cors

define debian_HINT
Enable it with: a2enmod cors && systemctl reload apache2
endef
define fedora_HINT
Enable it with: systemctl reload httpd
endef
define httpd_HINT
Enable it with this line in httpd.conf:
    LoadModule cors_module $(LIBEXECDIR)/mod_cors.so
$(CONF) explains every directive.
endef
export HINT = $($(LAYOUT)_HINT)

# An edited cors.conf stays; the new one is put beside it.
install: $(MODULE) needs-apxs ## install it, with configuration and manual
	install -d -m 755 $(foreach file,$(LIBEXECDIR)/mod_cors.so $(LOAD) \
	    $(CONF),"$(DESTDIR)$(dir $(file))")
	install -m 755 $(MODULE) "$(DESTDIR)$(LIBEXECDIR)"
	$(if $(LOAD),echo 'LoadModule cors_module $(LIBEXECDIR)/mod_cors.so' \
	    > "$(DESTDIR)$(LOAD)"; chmod 644 "$(DESTDIR)$(LOAD)")
	conf="$(DESTDIR)$(CONF)"; \
	if test -f "$$conf" && ! cmp -s conf/cors.conf "$$conf"; then \
	    conf="$$conf.new"; echo "You have changed cors.conf: see $$conf"; \
	fi; install -m 644 conf/cors.conf "$$conf"
	packaging/install-docs "$(DESTDIR)$(DOCDIR)"
	$(if $(DESTDIR),,echo "$$HINT")

uninstall: needs-apxs    ## take away what install put there
	$(if $(LOAD),,echo 'Take the LoadModule line of cors_module and all \
policies out of httpd.conf before you restart it.')
	rm -f "$(DESTDIR)$(LIBEXECDIR)/mod_cors.so"
	for file in $(LOAD) $(CONF) $(CONF).new \
	    $(SYSCONFDIR)/mods-enabled/cors.load \
	    $(SYSCONFDIR)/mods-enabled/cors.conf; do \
	    rm -f "$(DESTDIR)$$file"; \
	done
	rm -rf "$(DESTDIR)$(DOCDIR)"

check:                   ## all tests that need no browser (CHECK='unit http')
	tests/deps build $(CHECK)
	for suite in $(CHECK); do \
	    echo "== $$suite"; rm -f build/results/$$suite; \
	    $(MAKE) --no-print-directory $$suite || :; \
	done; $(PROVE) --total $(CHECK)

test: check              ## the same, and installs first what is missing

deps:                    ## install what `make` and `make test` need
	tests/deps build demo $(CHECK)

# These install what they need, and so does BUILD=. All others name it and stop.
deps test demo fuzz soak bench test-browser coverage format tidy deb deb-here \
rpm oss-fuzz: \
    export INSTALL_DEPS = $(if $(SOURCE_DATE_EPOCH),,yes)
needs-%: FORCE
	@tests/deps $*

unit: build/unit/options $(UNIT) ## the engine's unit tests, with ASan and UBSan
	CMOCKA_MESSAGE_OUTPUT=TAP ASAN_OPTIONS=$$(cat build/unit/options) \
	    $(PROVE) unit $(UNIT)

$(UNIT): build/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(OBJECTS) \
                      | needs-unit
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(OBJECTS) $(APR_LIBS) -lcmocka $(MORE_LIBS)

# They ask PCRE itself.
build/unit/test_pattern_from build/replay/regex: MORE_LIBS = -lpcre2-8

$(OBJECTS): build/unit/%.o: %.c $(HEADERS) Makefile | needs-build
	@mkdir -p build/unit
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

# LeakSanitizer needs ptrace, which some containers refuse.
build/unit/options: Makefile | needs-build
	@mkdir -p build/unit
	@echo 'int main(void) { return 0; }' > build/unit/probe.c
	@$(CC) -fsanitize=address -o build/unit/probe build/unit/probe.c
	@if build/unit/probe 2>/dev/null; then echo detect_leaks=1; \
	else echo "leaks cannot be looked for on this machine" >&2; \
	    echo detect_leaks=0; fi > $@

threads: build/threads/threads ## the engine in many threads, with TSan
	CMOCKA_MESSAGE_OUTPUT=TAP $(NO_ASLR) $(PROVE) threads $<

build/threads/threads: tests/unit/threads.c tests/unit/testing.h $(ENGINE) \
                       $(HEADERS) | needs-build needs-threads
	@mkdir -p build/threads
	$(CC) -std=c99 $(WARNINGS) $(STRICT) -g -O1 -fsanitize=thread -I. \
	    $(APR_CFLAGS) -o $@ $< $(ENGINE) $(APR_LIBS) -lcmocka

replay: build/unit/options $(REPLAY) ## the fuzz targets' corpora, as tests
	ASAN_OPTIONS=$$(cat build/unit/options) $(PROVE) replay $(REPLAY)

$(REPLAY): build/replay/%: tests/fuzz/%.c tests/fuzz/fuzz.h \
                           $(wildcard tests/unit/*.h) $(OBJECTS) | needs-replay
	@mkdir -p build/replay
	$(CC) $(UNIT_CFLAGS) -Itests/unit -DREPLAY \
	    -DCORPUS='"tests/fuzz/corpus/$*"' -o $@ $< $(OBJECTS) $(APR_LIBS) \
	    -lcmocka $(MORE_LIBS)

ifdef BUILD
http soak: export INSTALL_DEPS = $(if $(SOURCE_DATE_EPOCH),,yes)
http: needs-build needs-$(BUILD) needs-http
	$(INSTRUMENTED) tests/instrumented $(BUILD) http --mpm $(MPM) $(TESTS)

soak: needs-build needs-$(BUILD) needs-soak
	$(INSTRUMENTED) tests/instrumented $(BUILD) soak --requests $(SOAK_REQUESTS)
else
http: needs-http $(MODULE) ## tests against a real httpd (TESTS=t/..., MPM=...)
	tests/private-run --out build/results tests conf docs $(MODULE) -- \
	    perl tests/http/run --httpd $(HTTPD) --modules $(LIBEXECDIR) \
	    --module $(MODULE) --mpm $(MPM) $(TESTS)

soak: needs-soak $(MODULE) ## load, restarts and kills (SOAK_REQUESTS=500000)
	tests/private-run tests $(MODULE) -- perl tests/soak/run \
	    --httpd $(HTTPD) --modules $(LIBEXECDIR) --module $(MODULE) \
	    --requests $(SOAK_REQUESTS)
endif

guards: needs-guards $(MODULE) manual ## layers, messages, exports, warnings, scripts
	INCLUDES='$(INCLUDES)' MODULE=$(MODULE) $(PROVE) guards \
	    $(sort $(wildcard tests/guards/*.t))

packaging: needs-build needs-packaging dist ## flags, installation, release
	TARBALL=$(TARBALL) $(PROVE) packaging \
	    $(sort $(wildcard tests/packaging/*.t))

demo: needs-demo $(MODULE) ## a private httpd to try policies on, till Ctrl-C
	tests/private-run conf $(MODULE) -- \
	    sh conf/demo/run $(HTTPD) $(LIBEXECDIR) $(MODULE)

fuzz: needs-build needs-fuzz ## look for broken properties (FUZZ_SECONDS=60)
	INCLUDES='-I. $(INCLUDES)' LIBS='$(APR_LIBS)' \
	    tests/fuzz/run --seconds $(FUZZ_SECONDS)

bench: needs-bench $(MODULE) build/decide/decide ## instructions per request, and bounds (BENCH=)
	tests/private-run --out build/bench tests/bench tests/lib $(MODULE) \
	    build/decide -- perl tests/bench/run --apxs $(APXS) \
	    --module $(MODULE) --decide build/decide/decide $(BENCH)

# As apxs compiles.
build/decide/decide: tests/bench/decide.c $(ENGINE) $(HEADERS) Makefile
	@mkdir -p build/decide
	$(CC) $(shell $(APXS) -q CFLAGS) -std=c99 $(WARNINGS) -fPIC -I. \
	    $(APR_CFLAGS) -o $@ $< $(ENGINE) $(APR_LIBS)

test-browser: $(MODULE) $(JUDGE) $(NODE_MODULES)/.lock ## in Chromium, Firefox
	rm -f build/results/browser
	tests/private-run --out build/results tests conf build/browser $(MODULE) \
	    -- sh tests/browser/run $(HTTPD) $(LIBEXECDIR) $(MODULE) $(JUDGE) \
	    $(NODE_MODULES) $(TESTS)
	$(PROVE) --total browser

$(JUDGE): tests/browser/judge.c $(ENGINE) $(HEADERS) Makefile | needs-build
	@mkdir -p build/browser
	$(CC) -std=c99 $(WARNINGS) -Werror -g -I. $(APR_CFLAGS) -o $@ $< \
	    $(ENGINE) $(APR_LIBS)

$(NODE_MODULES)/.lock: $(addprefix tests/browser/,package.json \
                        package-lock.json .npmrc) | needs-browser
	@mkdir -p build/browser
	cp $^ build/browser
	cd build/browser && npm ci
	@touch $@

# COVERAGE=--no-http, or names of HTTP tests: only with these.
coverage: needs-build needs-coverage needs-http ## lines and branches tested
	$(INSTRUMENTED) APR_LIBS='$(APR_LIBS)' tests/coverage $(COVERAGE)

format: needs-format     ## clang-format, in place
	clang-format -i $(SOURCES) $(HEADERS) $(wildcard tests/unit/*.[ch])

tidy: needs-build needs-tidy ## static checks of all code (TIDY='gcc cppcheck')
	INCLUDES='$(INCLUDES)' tests/tidy $(TIDY)

# The same bytes from the same files, whoever makes it, when and where.
dist:                    ## build/mod_cors-VERSION.tar.gz, the release
	mkdir -p build
	LC_ALL=C tar --format=ustar --sort=name --mtime='$(RELEASED) 00:00Z' \
	    --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX \
	    --exclude='*~' --transform='s,^,mod_cors-$(VERSION)/,' \
	    -cf - $(DIST) | gzip -9n > $(TARBALL)
	cd build && sha256sum $(notdir $(TARBALL))

manual: build/manual/mod_cors.xml ## the manual as a page of httpd's own
build/manual/mod_cors.xml: packaging/manual-xml docs/mod_cors.md
	mkdir -p build/manual
	packaging/manual-xml docs/mod_cors.md > $@

SUITES ?= bookworm trixie
deb: needs-deb           ## Debian's packages, proved in chroots (SUITES=)
	packaging/deb $(SUITES)

deb-here: needs-build needs-deb-here dist ## the quick part of it, without chroots
	packaging/deb-here

rpm: needs-build needs-rpm dist ## an RPM, by this system's httpd (RPM=--nocheck)
	packaging/rpm $(RPM)

oss-fuzz: needs-build needs-fuzz needs-oss-fuzz ## the targets as OSS-Fuzz would
	packaging/oss-fuzz/try

clean:                   ## remove build/
	rm -rf build

help:                    ## this list
	sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' Makefile | expand -t 13

# Installs libegito: `make install-c PREFIX=/usr/local DESTDIR=` at the root.
#
# These rules only copy about ten files, so no other tool is needed: cargo-c takes minutes to build and makes no CMake package, and
# CMake would be a further requirement.

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
DESTDIR ?=
INSTALL ?= install
# Profile of the installed libraries: release, except in tests.
FROM ?= release

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' $(ROOT)/Cargo.toml | head -1)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))
BUILT_LIBRARIES := $(ROOT)/target/$(FROM)
# Relative path from the library folder to the prefix, so that the CMake package can be moved.
TO_PREFIX = $(shell realpath -ms --relative-to='$(LIBDIR)' '$(PREFIX)')
SUBSTITUTE = sed -e 's|@prefix@|$(PREFIX)|; s|@libdir@|$(LIBDIR)|; s|@to_prefix@|$(TO_PREFIX)|; s|@version@|$(VERSION)|; s|@soversion@|$(SOVERSION)|'
# Relative paths are refused: make does not know the folder that it was called from.
absolute = $(if $(filter-out /%,$(firstword $($(1)))),$(error invalid $(1): expected an absolute path, got `$($(1))`))
ABSOLUTE = $(foreach name,PREFIX LIBDIR DESTDIR,$(call absolute,$(name)))

# Programs find the library in the folders of the loader's cache, which only root can update.
UPDATE_LOADER_CACHE = if [ "$$(id -u)" = 0 ]; then PATH="$$PATH:/sbin:/usr/sbin" ldconfig; fi; \
    PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p | grep -qF '$(LIBDIR)/libegito.so.$(SOVERSION)' \
    || echo "the loader does not find $(LIBDIR)/libegito.so.$(SOVERSION): run ldconfig as root, or link with -Wl,-rpath,'$(LIBDIR)'"

.PHONY: install uninstall
install:
	@:$(ABSOLUTE)
	$(if $(filter release,$(FROM)),cd $(ROOT) && cargo build -q --locked --release -p egito-c)
	$(INSTALL) -d '$(DESTDIR)$(INCLUDEDIR)/egito' '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(LIBDIR)/cmake/egito'
	$(INSTALL) -m 644 include/egito.h include/egito.hpp '$(DESTDIR)$(INCLUDEDIR)/'
	$(INSTALL) -m 644 include/egito/*.hpp '$(DESTDIR)$(INCLUDEDIR)/egito/'
	$(INSTALL) -m 755 $(BUILT_LIBRARIES)/libegito.so '$(DESTDIR)$(LIBDIR)/libegito.so.$(VERSION)'
	ln -sfn libegito.so.$(VERSION) '$(DESTDIR)$(LIBDIR)/libegito.so.$(SOVERSION)'
	ln -sfn libegito.so.$(SOVERSION) '$(DESTDIR)$(LIBDIR)/libegito.so'
	$(INSTALL) -m 644 $(BUILT_LIBRARIES)/libegito.a '$(DESTDIR)$(LIBDIR)/'
	$(SUBSTITUTE) cmake/egito.pc.in >'$(DESTDIR)$(LIBDIR)/pkgconfig/egito.pc'
	$(SUBSTITUTE) cmake/egito-config.cmake >'$(DESTDIR)$(LIBDIR)/cmake/egito/egito-config.cmake'
	$(SUBSTITUTE) cmake/egito-config-version.cmake >'$(DESTDIR)$(LIBDIR)/cmake/egito/egito-config-version.cmake'
	$(if $(DESTDIR),,@$(UPDATE_LOADER_CACHE))

uninstall:
	@:$(ABSOLUTE)
	rm -rf '$(DESTDIR)$(INCLUDEDIR)/egito' '$(DESTDIR)$(LIBDIR)/cmake/egito'
	rm -f '$(DESTDIR)$(INCLUDEDIR)'/egito.h* '$(DESTDIR)$(LIBDIR)'/libegito.so* '$(DESTDIR)$(LIBDIR)/libegito.a' '$(DESTDIR)$(LIBDIR)/pkgconfig/egito.pc'

# SfumatoRe2::re2: the static library, whole, and with names that no shared library sees. Arrow's wheel exports another
# version's RE2 under the same names: a shared libre2 would call into that one, and end there. Read by the build and by
# the installed package.
if(NOT TARGET SfumatoRe2::re2)
  find_path(SFUMATO_RE2_INCLUDE re2/re2.h REQUIRED)
  find_library(SFUMATO_RE2 libre2.a REQUIRED)  # Debian: libre2-dev
  mark_as_advanced(SFUMATO_RE2_INCLUDE SFUMATO_RE2)
  find_package(Threads REQUIRED)
  add_library(SfumatoRe2::re2 INTERFACE IMPORTED GLOBAL)
  target_include_directories(SfumatoRe2::re2 INTERFACE ${SFUMATO_RE2_INCLUDE})
  target_link_options(SfumatoRe2::re2 INTERFACE
    LINKER:--push-state,--whole-archive,${SFUMATO_RE2},--pop-state LINKER:--exclude-libs,libre2.a)
  target_link_libraries(SfumatoRe2::re2 INTERFACE Threads::Threads)
endif()

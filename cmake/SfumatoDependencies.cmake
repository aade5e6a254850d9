# What the modules link, and where it is found.
find_package(PkgConfig REQUIRED)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)
target_compile_definitions(PkgConfig::HWY INTERFACE HWY_WANT_AVX3_DL)  # the newest AVX-512, too
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
if(SFUMATO_LEDGER)
  find_package(SQLite3 3.37 REQUIRED)  # the first with STRICT tables
  if(SFUMATO_POSTGRES)
    pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq>=12)  # or -DSFUMATO_POSTGRES=OFF
  endif()
endif()
find_package(Eigen3 3.4 CONFIG QUIET)
find_package(nlohmann_json CONFIG QUIET)  # for keys of Paillier; tables and the program must have it

if(SFUMATO_TABLES)
  include(SfumatoArrow)
  find_package(CLI11 CONFIG REQUIRED)
  find_package(nlohmann_json CONFIG REQUIRED)
  find_package(fmt CONFIG REQUIRED)
  include(SfumatoRe2)
  if(SFUMATO_PHONENUMBERS)
    find_path(SFUMATO_PHONENUMBER_INCLUDE phonenumbers/phonenumberutil.h REQUIRED)  # in a directory that is searched
    find_library(SFUMATO_PHONENUMBER phonenumber REQUIRED)  # Debian: libphonenumber-dev
    find_library(SFUMATO_PROTOBUF protobuf REQUIRED)  # what its headers call
  endif()
  find_path(SFUMATO_TOML toml++/toml.h REQUIRED)  # headers alone, in a directory that is searched
endif()
if(SFUMATO_PROGRAM)
  find_package(OpenSSL 3 REQUIRED COMPONENTS SSL Crypto)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo cairo-svg cairo-png)
endif()

# Compiling twice what has not changed is the larger part of a second build.
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(SFUMATO_CCACHE ccache)
  mark_as_advanced(SFUMATO_CCACHE)
  if(SFUMATO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${SFUMATO_CCACHE})
  endif()
endif()

# Arrow::arrow (with compute) and Parquet::parquet: from the wheel `pyarrow` in SFUMATO_PYARROW where
# that is given, else an installed Arrow C++ of the pinned major, else a wheel found in the tree's
# .deps/python. Read by the build and by the installed package, whose targets name only these two and
# carry no path of the machine that built them; the package's default of SFUMATO_PYARROW does.
set(SFUMATO_ARROW_MAJOR 26)
set(SFUMATO_PYARROW "" CACHE PATH "Directory of an installed pyarrow, e.g. …/site-packages/pyarrow")

function(sfumato_wheel_library target name)
  file(GLOB library ${sfumato_pyarrow}/lib${name}.so.${SFUMATO_ARROW_MAJOR}*)
  list(LENGTH library count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "lib${name}.so.${SFUMATO_ARROW_MAJOR}* is not in '${sfumato_pyarrow}': "
      "install pyarrow==${SFUMATO_ARROW_MAJOR}.* there, or Arrow C++ ${SFUMATO_ARROW_MAJOR}, "
      "or configure with -DSFUMATO_TABLES=OFF")
  endif()
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${library}
    INTERFACE_INCLUDE_DIRECTORIES ${sfumato_pyarrow}/include)
endfunction()

if(NOT TARGET Arrow::arrow)
  set(sfumato_pyarrow "${SFUMATO_PYARROW}")
  if(NOT sfumato_pyarrow)
    find_package(Arrow ${SFUMATO_ARROW_MAJOR} CONFIG QUIET)
  endif()
  if(NOT sfumato_pyarrow AND NOT Arrow_FOUND)
    get_filename_component(sfumato_tree ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
    file(GLOB sfumato_wheels ${sfumato_tree}/.deps/python/lib/python3*/site-packages/pyarrow)
    if(NOT sfumato_wheels)
      message(FATAL_ERROR "Arrow C++ ${SFUMATO_ARROW_MAJOR} was not found: install it, or "
        "pip install pyarrow==${SFUMATO_ARROW_MAJOR}.* and pass -DSFUMATO_PYARROW=…/site-packages/pyarrow")
    endif()
    list(GET sfumato_wheels 0 sfumato_pyarrow)
    set(SFUMATO_PYARROW ${sfumato_pyarrow})
  endif()

  # IMPORTED, so that an export names them and does not ask for them to be exported as well.
  add_library(Arrow::arrow INTERFACE IMPORTED GLOBAL)
  add_library(Parquet::parquet INTERFACE IMPORTED GLOBAL)
  if(sfumato_pyarrow)
    sfumato_wheel_library(sfumato_wheel::arrow arrow)
    sfumato_wheel_library(sfumato_wheel::compute arrow_compute)
    sfumato_wheel_library(sfumato_wheel::parquet parquet)
    target_link_libraries(Arrow::arrow INTERFACE sfumato_wheel::compute sfumato_wheel::arrow)
    target_link_libraries(Parquet::parquet INTERFACE sfumato_wheel::parquet Arrow::arrow)
    # The wheel's libparquet carries an OpenSSL of its own and exports it. Entropy and ciphers must be
    # the system's, which answers where it is named first.
    find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
    set_property(TARGET sfumato_wheel::parquet APPEND PROPERTY INTERFACE_LINK_OPTIONS
      LINKER:--push-state,--no-as-needed,${OPENSSL_CRYPTO_LIBRARY},--pop-state)
  else()
    find_package(ArrowCompute ${SFUMATO_ARROW_MAJOR} CONFIG REQUIRED)
    find_package(Parquet ${SFUMATO_ARROW_MAJOR} CONFIG REQUIRED)
    target_link_libraries(Arrow::arrow INTERFACE ArrowCompute::arrow_compute_shared Arrow::arrow_shared)
    target_link_libraries(Parquet::parquet INTERFACE Parquet::parquet_shared Arrow::arrow)
  endif()
endif()

# One static library a module, `sfumato::<name>`, from src/<name>/*.cpp and include/sfumato/<name>/.

# Arithmetic that a proof speaks of must be what is compiled: a fused multiply-add is written as one.
set(SFUMATO_FLAGS -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow -Wpedantic)
if(SFUMATO_WERROR)
  list(APPEND SFUMATO_FLAGS -Werror)
endif()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
  endif()
endif()

function(sfumato_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE ${SFUMATO_FLAGS})
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
endfunction()

# sfumato_module(NAME [PUBLIC module...] [PRIVATE library...])
function(sfumato_module name)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  set(target sfumato_${name})
  add_library(${target} STATIC ${sources})
  add_library(sfumato::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  sfumato_flags(${target})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  foreach(module IN LISTS arg_PUBLIC)
    target_link_libraries(${target} PUBLIC sfumato_${module})
  endforeach()
  target_link_libraries(${target} PRIVATE ${arg_PRIVATE})
endfunction()

# sfumato_bundle(NAME MODULE...), lowest first: the interface target `sfumato::<name>` that links them
# all, and their list in SFUMATO_<NAME>_MODULES.
function(sfumato_bundle name)
  add_library(sfumato_${name} INTERFACE)
  add_library(sfumato::${name} ALIAS sfumato_${name})
  set_target_properties(sfumato_${name} PROPERTIES EXPORT_NAME ${name})
  list(TRANSFORM ARGN PREPEND sfumato_ OUTPUT_VARIABLE targets)
  target_link_libraries(sfumato_${name} INTERFACE ${targets})
  string(TOUPPER ${name} upper)
  set(SFUMATO_${upper}_MODULES ${ARGN} PARENT_SCOPE)
endfunction()

# `sfumato::eigen`: the core and the header sfumato/eigen.h, where Eigen is there.
function(sfumato_eigen)
  if(NOT TARGET Eigen3::Eigen)
    return()
  endif()
  add_library(sfumato_eigen INTERFACE)
  add_library(sfumato::eigen ALIAS sfumato_eigen)
  target_link_libraries(sfumato_eigen INTERFACE sfumato_core Eigen3::Eigen)
endfunction()

# sfumato_program(NAME DEPENDS MODULE...): the program, from src/cli/*.cpp.
function(sfumato_program name)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  sfumato_flags(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(${name} PRIVATE SFUMATO_VERSION="${PROJECT_VERSION}")
  foreach(module IN LISTS arg_DEPENDS)
    target_link_libraries(${name} PRIVATE sfumato_${module})
  endforeach()
  target_link_libraries(${name} PRIVATE OpenSSL::SSL OpenSSL::Crypto CLI11::CLI11 nlohmann_json::nlohmann_json fmt::fmt
    PkgConfig::CAIRO Threads::Threads)
  # The wheel's libraries may lie within the source tree, where INSTALL_RPATH_USE_LINK_PATH drops them.
  set_target_properties(${name} PROPERTIES
    INSTALL_RPATH "${SFUMATO_PYARROW}" INSTALL_RPATH_USE_LINK_PATH ON)
endfunction()

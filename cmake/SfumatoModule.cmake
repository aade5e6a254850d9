# One static library a module, `sfumato::<name>`, from src/<name>/*.cpp and include/sfumato/<name>/.

# Arithmetic that a proof speaks of must be what is compiled: a fused multiply-add is written as one.
set(SFUMATO_FLAGS -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow -Wpedantic)
if(SFUMATO_WERROR)
  list(APPEND SFUMATO_FLAGS -Werror)
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
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} LINKER_LANGUAGE CXX)
  sfumato_flags(${target})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  foreach(module IN LISTS arg_PUBLIC)
    target_link_libraries(${target} PUBLIC sfumato_${module})
  endforeach()
  target_link_libraries(${target} PRIVATE ${arg_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY SFUMATO_TARGETS ${target})
endfunction()

# sfumato_core(MODULE...): the interface target `sfumato::core`.
function(sfumato_core)
  add_library(sfumato_core INTERFACE)
  add_library(sfumato::core ALIAS sfumato_core)
  set_target_properties(sfumato_core PROPERTIES EXPORT_NAME core)
  foreach(module IN LISTS ARGN)
    target_link_libraries(sfumato_core INTERFACE sfumato_${module})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SFUMATO_TARGETS sfumato_core)
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
  foreach(module IN LISTS arg_DEPENDS)
    target_link_libraries(${name} PRIVATE sfumato_${module})
  endforeach()
  target_link_libraries(${name} PRIVATE CLI11::CLI11 nlohmann_json::nlohmann_json fmt::fmt)
endfunction()

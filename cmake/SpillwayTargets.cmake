# Targets of the project: one static library a folder, the same compile options for all.
include_guard(GLOBAL)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(spillway_options INTERFACE)
target_include_directories(spillway_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(spillway_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  # Results are the same bytes in Debug and Release: no fused multiply-add, no fast-math.
  -ffp-contract=off
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(SPILLWAY_SANITIZE)
  target_compile_options(spillway_options INTERFACE -fsanitize=${SPILLWAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(spillway_options INTERFACE -fsanitize=${SPILLWAY_SANITIZE})
endif()

# spillway_library(NAME [FOLDERS folders...] [LINK libs...] [PRIVATE libs...]): the sources of the current folder (or of FOLDERS) as a
# static library, header-only while there are none. LINK edges are what its headers may include, PRIVATE edges its sources only.
function(spillway_library name)
  cmake_parse_arguments(ARG "" "" "FOLDERS;LINK;PRIVATE" ${ARGN})
  if(NOT ARG_FOLDERS)
    set(ARG_FOLDERS .)
  endif()
  set(sources)
  foreach(folder ${ARG_FOLDERS})
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
    list(APPEND sources ${found})
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC spillway_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE spillway_options ${ARG_LINK})
  endif()
endfunction()

# spillway_test(NAME KIND FOLDER [FILES] LINK libs...): all *_test.cc of FOLDER as one GoogleTest program, its tests labelled KIND.
# FILES: the tests read files of the source tree or start the program (a path in the flags keeps compiler caches from being shared).
function(spillway_test name kind folder)
  cmake_parse_arguments(ARG "FILES" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE spillway_options ${ARG_LINK} GTest::gmock_main)
  # What is tested is optimised as the build type says; optimising the tests themselves only costs time.
  if(SPILLWAY_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)
  else()
    target_compile_options(${name} PRIVATE -O1)
  endif()
  if(ARG_FILES)
    target_compile_definitions(${name} PRIVATE SPILLWAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SPILLWAY_BINARY="$<TARGET_FILE:spillway>")
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} NO_PRETTY_VALUES PROPERTIES LABELS ${kind} DISCOVERY_TIMEOUT 120)
endfunction()

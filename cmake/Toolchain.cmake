# SPDX-License-Identifier: Apache-2.0
# One place for how everything is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")   # -O1: video at -O0 would not keep up on two cores

option(BEACONWALL_TESTS "build the tests" ON)
option(BEACONWALL_WERROR "warnings are errors" ON)
option(BEACONWALL_FUZZERS "build the fuzz targets (clang only)" OFF)
set(BEACONWALL_SANITIZE "" CACHE STRING "asan or tsan, or empty")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
if(BEACONWALL_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options(-Wthread-safety)
elseif(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees an overlap in std::string::insert("x") when it optimises fully (GCC bug 105651).
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-Wno-restrict>)
endif()

if(BEACONWALL_SANITIZE STREQUAL "asan")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(BEACONWALL_SANITIZE STREQUAL "tsan")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NOT BEACONWALL_SANITIZE STREQUAL "")
  message(FATAL_ERROR "BEACONWALL_SANITIZE is '${BEACONWALL_SANITIZE}'; allowed: asan, tsan, or empty")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# The build tree is laid out like the installed one, so that a program finds its siblings the same way.
set(BW_BIN ${CMAKE_BINARY_DIR}/bin)
set(BW_LIBEXEC ${CMAKE_BINARY_DIR}/libexec)
set(BW_PLUGINS ${CMAKE_BINARY_DIR}/lib/beaconwall/plugins)

# SPDX-License-Identifier: Apache-2.0
# One folder, one target. DEPS names our own folders (checked against the table in tests/tree), OUTSIDE other libraries.

function(_bw_target target folder)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS;OUTSIDE" ${ARGN})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  foreach(dep ${A_DEPS})
    target_link_libraries(${target} PUBLIC bw_${dep})
  endforeach()
  target_link_libraries(${target} PUBLIC ${A_OUTSIDE} Threads::Threads)
  string(REPLACE ";" " " edge "${folder} ${A_DEPS}")
  set_property(GLOBAL APPEND PROPERTY BW_EDGES "${edge}")
endfunction()

# bw_library(base SOURCES a.cpp DEPS … OUTSIDE dep::fmt): static library bw_base from core/base.
function(bw_library folder)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS;OUTSIDE" ${ARGN})
  add_library(bw_${folder} STATIC ${A_SOURCES})
  _bw_target(bw_${folder} ${folder} ${ARGN})
endfunction()

# bw_role(hub SOURCES … DEPS … OUTSIDE …): library bw_hub (so that tests link it) and libexec/beaconwall-hub from main.cpp.
function(bw_role folder)
  bw_library(${folder} ${ARGN})
  add_executable(beaconwall-${folder} main.cpp)
  target_link_libraries(beaconwall-${folder} PRIVATE bw_${folder})
  set_target_properties(beaconwall-${folder} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${BW_LIBEXEC})
  bw_part_of_wall(beaconwall-${folder})
  install(TARGETS beaconwall-${folder} DESTINATION libexec)
endfunction()

# A program or plugin that a running wall needs: part of the target `wall`.
function(bw_part_of_wall target)
  set_property(GLOBAL APPEND PROPERTY BW_WALL ${target})
endfunction()

# bw_plugin(NAME …): a plugin of ours, built as a vendor builds one (BeaconwallPlugin.cmake), installed, and part of the wall.
function(bw_plugin name)
  beaconwall_add_plugin(${name} FOLDER ${BW_PLUGINS}/${name} ${ARGN})
  cmake_parse_arguments(A "PLAIN" "" "PANEL;LINK;SERVICE;SERVICE_LINK;ASSETS" ${ARGN})
  set(place lib/beaconwall/plugins/${name})
  install(FILES plugin.toml ${A_ASSETS} DESTINATION ${place})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/schemas)
    install(DIRECTORY schemas DESTINATION ${place} FILES_MATCHING PATTERN "*.json")
  endif()
  foreach(half panel service)
    if(TARGET ${name}-${half})
      bw_part_of_wall(${name}-${half})
      install(TARGETS ${name}-${half} LIBRARY DESTINATION ${place} RUNTIME DESTINATION ${place})
    endif()
  endforeach()
endfunction()

# bw_test(NAME SOURCES … DEPS … [OUTSIDE …]): one gtest program, one ctest entry. THREADED: also run under TSan.
# PROCESSES: it plays against programs of ours, under deadlines (tests/all.sh may run it a second time). BUSY, LONG: as below.
function(bw_test name)
  cmake_parse_arguments(A "THREADED;PROCESSES;BUSY;LONG" "" "SOURCES;DEPS;OUTSIDE" ${ARGN})
  add_executable(test_${name} ${A_SOURCES})
  foreach(dep ${A_DEPS})
    target_link_libraries(test_${name} PRIVATE bw_${dep})
  endforeach()
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(test_${name} PRIVATE ${A_OUTSIDE} GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set(labels unit)
  if(A_THREADED)
    list(APPEND labels threaded)
    set_property(GLOBAL APPEND PROPERTY BW_THREADED test_${name})
  endif()
  if(A_PROCESSES)
    list(APPEND labels process)
  endif()
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 300
    ENVIRONMENT "BEACONWALL_BUILD=${CMAKE_BINARY_DIR};BEACONWALL_SOURCE=${CMAKE_SOURCE_DIR}")
  bw_place_test(${name} "${A_LONG}" "${A_BUSY}" "")
endfunction()

# Where a test stands in the run: walls, which follow one another and so decide how long all takes, start first, then those that keep a
# core busy (one at a time), then the long ones that mostly wait, then the rest, the longest of the last run first.
function(bw_place_test name long busy wall)
  if(wall AND BEACONWALL_SANITIZE)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)  # a core is not enough for what is five times as dear
  elseif(wall)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK wall COST 300)
  elseif(busy)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK busy COST 250)
  elseif(long)
    set_tests_properties(${name} PROPERTIES COST 200)
  endif()
endfunction()

# bw_python_test(NAME FILE [TIMEOUT s] [ALONE] [WALL] [BUSY] [LONG] [THOROUGH]): a unittest file run by Debian's python3 against the built programs.
# ALONE: nothing else runs meanwhile; for what needs the whole machine or times what it does. WALL: a whole wall, one at a time; what mostly
# waits runs beside it (under a sanitizer nothing). BUSY: keeps a core busy; one at a time, beside walls. LONG: it mostly waits; starts early.
# THOROUGH: minutes of it; `./dev test` leaves it to `./dev test --all`.
function(bw_python_test name file)
  cmake_parse_arguments(A "ALONE;WALL;BUSY;LONG;THOROUGH" "TIMEOUT" "" ${ARGN})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 180)
  endif()
  set(labels e2e)
  if(A_THOROUGH)
    list(APPEND labels thorough)
  endif()
  if(BEACONWALL_SANITIZE)
    math(EXPR A_TIMEOUT "${A_TIMEOUT} * 2")
  endif()
  add_test(NAME ${name} COMMAND /usr/bin/python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/${file} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${A_TIMEOUT} RUN_SERIAL ${A_ALONE}
    ENVIRONMENT "BEACONWALL_BUILD=${CMAKE_BINARY_DIR};BEACONWALL_SOURCE=${CMAKE_SOURCE_DIR};BEACONWALL_SANITIZE=${BEACONWALL_SANITIZE}")
  bw_place_test(${name} "${A_LONG}" "${A_BUSY}" "${A_WALL}")
endfunction()

# The programs of the tests labelled threaded, and what those run: all that the TSan build needs.
function(bw_add_threaded_target)
  get_property(parts GLOBAL PROPERTY BW_THREADED)
  add_custom_target(threaded_tests DEPENDS ${parts})
endfunction()

# Everything a wall needs to run, without the tests.
function(bw_add_wall_target)
  get_property(parts GLOBAL PROPERTY BW_WALL)
  add_custom_target(wall DEPENDS ${parts})
endfunction()

# What the folders link, for tests/tree/dependencies_test.py.
function(bw_write_dependency_table)
  get_property(edges GLOBAL PROPERTY BW_EDGES)
  set(text "")
  foreach(line ${edges})
    string(APPEND text "${line}\n")
  endforeach()
  file(WRITE ${CMAKE_BINARY_DIR}/dependencies.txt "${text}")
endfunction()

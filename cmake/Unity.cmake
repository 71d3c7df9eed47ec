# SPDX-License-Identifier: Apache-2.0
# The sanitizer presets compile several files of a target as one (CMAKE_UNITY_BUILD): JSON's, the command line's and GoogleTest's
# templates are then instrumented once per batch instead of once per file, which is where the time of such a build goes.
# The dev and release builds compile each file by itself, so that every file is seen to include what it uses.

function(_bw_all_targets folder out)
  get_property(found DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(sub ${below})
    _bw_all_targets(${sub} more)
    list(APPEND found ${more})
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# What moves pixels keeps -O1 under a sanitizer, or video and golden pictures take minutes; for the rest -O0 halves what the instrumented
# code costs to compile.
function(bw_cheap_sanitizers)
  if(NOT BEACONWALL_SANITIZE)
    return()
  endif()
  _bw_all_targets(${CMAKE_SOURCE_DIR} targets)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    get_target_property(folder ${target} SOURCE_DIR)
    if(type MATCHES "_LIBRARY$|EXECUTABLE" AND NOT type STREQUAL INTERFACE_LIBRARY
        AND NOT folder MATCHES "/(core/(base|surface|text|sdk|compositor|media)|plugins/demo_field|tests/(golden|sdk|surface))$")
      target_compile_options(${target} PRIVATE -O0)
    endif()
  endforeach()
endfunction()

# Puts the sources of every target into batches without a name declared twice (unity_batches.py says how).
function(bw_unity_batches)
  if(NOT CMAKE_UNITY_BUILD)
    return()
  endif()
  _bw_all_targets(${CMAKE_SOURCE_DIR} targets)
  set(lines "")
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(NOT type MATCHES "LIBRARY$|EXECUTABLE" OR type STREQUAL INTERFACE_LIBRARY)
      continue()
    endif()
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    foreach(source ${sources})
      string(APPEND lines "${folder}|${target}|${source}\n")
    endforeach()
  endforeach()
  file(WRITE ${CMAKE_BINARY_DIR}/unity_sources.txt "${lines}")
  execute_process(COMMAND /usr/bin/python3 -B ${CMAKE_SOURCE_DIR}/cmake/unity_batches.py
    INPUT_FILE ${CMAKE_BINARY_DIR}/unity_sources.txt OUTPUT_VARIABLE batches COMMAND_ERROR_IS_FATAL ANY)
  string(STRIP "${batches}" batches)
  string(REPLACE "\n" ";" batches "${batches}")
  foreach(line ${batches})
    string(REPLACE "|" ";" part "${line}")
    list(GET part 0 folder)
    list(GET part 1 source)
    list(GET part 2 batch)
    set_source_files_properties(${source} DIRECTORY ${folder} PROPERTIES UNITY_GROUP ${batch})
  endforeach()
endfunction()

# SPDX-License-Identifier: Apache-2.0
# A plugin folder, ready for `beaconwall plugin check` and `install`. Beaconwall builds its own with this; it is installed
# for everybody else's (find_package(beaconwall)).
#
# beaconwall_add_plugin(NAME [FOLDER dir] [PANEL a.cpp …] [PLAIN] [LINK lib …] [SERVICE b.cpp …] [SERVICE_LINK lib …] [ASSETS file …])
#   plugin.toml of the current folder goes to FOLDER (default: the build folder's NAME) together with
#   PANEL    the panel library NAME.so: C++20 with the SDK; PLAIN: with nothing of Beaconwall's but panel.h
#   SERVICE  the service NAME-service: C++20 with the SDK's service half
#   ASSETS   files or programs as they are (a service in Python)
# and with the folder schemas/, if there is one: TYPE.json of its event types, settings/PANEL.json of its panels' settings.
# Targets: NAME-panel and NAME-service.
function(beaconwall_add_plugin name)
  cmake_parse_arguments(A "PLAIN" "FOLDER" "PANEL;LINK;SERVICE;SERVICE_LINK;ASSETS" ${ARGN})
  if(A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "beaconwall_add_plugin(${name}): what is ${A_UNPARSED_ARGUMENTS}? allowed: FOLDER PANEL PLAIN LINK SERVICE SERVICE_LINK ASSETS")
  endif()
  if(NOT A_FOLDER)
    set(A_FOLDER ${CMAKE_CURRENT_BINARY_DIR}/${name})
  endif()
  foreach(file plugin.toml ${A_ASSETS})
    get_filename_component(base ${file} NAME)
    configure_file(${file} ${A_FOLDER}/${base} COPYONLY)
  endforeach()
  # What was taken out of the source goes here too: the hub would hold events against it.
  file(GLOB_RECURSE schemas CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/schemas/*.json)
  file(GLOB_RECURSE there RELATIVE ${A_FOLDER} ${A_FOLDER}/schemas/*.json)
  foreach(file ${there})
    if(NOT file IN_LIST schemas)
      file(REMOVE ${A_FOLDER}/${file})
    endif()
  endforeach()
  foreach(file ${schemas})
    configure_file(${file} ${A_FOLDER}/${file} COPYONLY)
  endforeach()
  if(A_PANEL)
    add_library(${name}-panel MODULE ${A_PANEL})
    if(A_PLAIN)
      target_link_libraries(${name}-panel PRIVATE beaconwall::abi ${A_LINK})
    else()
      target_link_libraries(${name}-panel PRIVATE beaconwall::sdk ${A_LINK})
    endif()
    # One exported symbol, whatever is linked in.
    target_link_options(${name}-panel PRIVATE
      -Wl,--version-script=${BEACONWALL_PANEL_VERSION_SCRIPT} -Wl,--exclude-libs,ALL)
    if(NOT BEACONWALL_SANITIZE)
      target_link_options(${name}-panel PRIVATE -Wl,-z,defs)
    endif()
    set_target_properties(${name}-panel PROPERTIES PREFIX "" OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${A_FOLDER}
      C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden)
  endif()
  if(A_SERVICE)
    add_executable(${name}-service ${A_SERVICE})
    target_link_libraries(${name}-service PRIVATE beaconwall::service ${A_SERVICE_LINK})
    set_target_properties(${name}-service PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${A_FOLDER})
  endif()
endfunction()

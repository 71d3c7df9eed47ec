# SPDX-License-Identifier: Apache-2.0
# What vendors get: headers, static libraries, a CMake package and a pkg-config file, below the prefix of `cmake --install`.
include(CMakePackageConfigHelpers)

function(bw_install_kit)
  set(package lib/cmake/beaconwall)
  configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/beaconwallConfig.cmake.in ${CMAKE_BINARY_DIR}/kit/beaconwallConfig.cmake
    INSTALL_DESTINATION ${package})
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/kit/beaconwallConfigVersion.cmake COMPATIBILITY SameMajorVersion)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/beaconwall-panel.pc.in ${CMAKE_BINARY_DIR}/kit/beaconwall-panel.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/kit/beaconwallConfig.cmake ${CMAKE_BINARY_DIR}/kit/beaconwallConfigVersion.cmake
    ${CMAKE_SOURCE_DIR}/cmake/BeaconwallPlugin.cmake ${CMAKE_SOURCE_DIR}/core/abi/panel.version DESTINATION ${package})
  install(FILES ${CMAKE_BINARY_DIR}/kit/beaconwall-panel.pc DESTINATION lib/pkgconfig)
  install(TARGETS bw_sdk bw_text_imgui bw_text bw_surface bw_base bw_sdk_service bw_events ARCHIVE DESTINATION lib/beaconwall/kit)
  # What <beaconwall/service/…> stands on.
  foreach(folder base events sdk/service)
    install(DIRECTORY ${CMAKE_SOURCE_DIR}/core/${folder}/ DESTINATION include/beaconwall/kit/core/${folder} FILES_MATCHING PATTERN "*.h")
  endforeach()
endfunction()

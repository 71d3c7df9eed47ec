# SPDX-License-Identifier: Apache-2.0
# Every outside library, found once, as an imported target dep::NAME. Packages: see packages.txt.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(bw_dep name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${ARGN})
  add_library(dep::${name} ALIAS PkgConfig::${name})
endfunction()

bw_dep(zmq libzmq)
bw_dep(sqlite sqlite3)
bw_dep(epoxy epoxy)
bw_dep(egl egl)
bw_dep(glfw glfw3)
bw_dep(x11 x11 xrandr xscrnsaver xext)
bw_dep(png libpng)
bw_dep(jpeg libjpeg)
bw_dep(crypto libcrypto)
bw_dep(soup libsoup-3.0)
bw_dep(gst gstreamer-1.0 gstreamer-app-1.0 gstreamer-video-1.0 gstreamer-rtsp-1.0)
bw_dep(gst_rtsp_server gstreamer-rtsp-server-1.0 gstreamer-app-1.0)
bw_dep(freetype freetype2)
bw_dep(tomlplusplus tomlplusplus)
bw_dep(spdlog spdlog)
bw_dep(fmt fmt)

# Debian's imgui.pc names neither FreeType nor stb, which its archive needs; libyuv has no .pc at all.
add_library(dep_imgui INTERFACE)
find_path(IMGUI_INCLUDE imgui.h PATH_SUFFIXES imgui REQUIRED)
find_library(IMGUI_LIBRARY imgui REQUIRED)
find_library(STB_LIBRARY stb REQUIRED)
target_include_directories(dep_imgui SYSTEM INTERFACE ${IMGUI_INCLUDE})
target_link_libraries(dep_imgui INTERFACE ${IMGUI_LIBRARY} dep::freetype ${STB_LIBRARY})
add_library(dep::imgui ALIAS dep_imgui)

add_library(dep_yuv INTERFACE)
find_library(YUV_LIBRARY yuv REQUIRED)
target_link_libraries(dep_yuv INTERFACE ${YUV_LIBRARY})
add_library(dep::yuv ALIAS dep_yuv)

if(BEACONWALL_TESTS)
  find_package(GTest REQUIRED)
endif()

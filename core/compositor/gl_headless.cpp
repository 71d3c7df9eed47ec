// SPDX-License-Identifier: Apache-2.0
#include <epoxy/egl.h>

#include <array>
#include <cstring>

#include "core/compositor/backend.h"

namespace bw::compositor {

namespace {

class Headless final : public Backend {
  public:
    Headless(EGLDisplay display, EGLContext context) : display_(display), context_(context) {}
    ~Headless() override {
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(display_, context_);
        // NOTE: the display stays initialised to the end of the process. eglTerminate would unload
        // Mesa's driver, which leaks there with no module left to name in a leak report.
    }
    void make_current() override {
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_);
    }
    // Nobody looks: the frame is done when its pixels are.
    void present(std::span<const Canvas>, std::span<const Damage>) override { glFinish(); }
    std::vector<InputEvent> poll_input() override { return {}; }
    [[nodiscard]] int64_t poll_every_ns() const override { return 0; }

  private:
    EGLDisplay display_;
    EGLContext context_;
};

bool client_has(const char* extension) {
    const char* all = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    return all != nullptr && std::strstr(all, extension) != nullptr;
}

EGLDisplay initialised(EGLDisplay display) {
    EGLint major = 0, minor = 0;
    if (display == EGL_NO_DISPLAY || eglInitialize(display, &major, &minor) == EGL_FALSE)
        return EGL_NO_DISPLAY;
    return display;
}

// A vendor's driver offers its devices; Mesa offers a display with no surface at all.
EGLDisplay device_display() {
    if (!client_has("EGL_EXT_platform_device") || !client_has("EGL_EXT_device_enumeration"))
        return EGL_NO_DISPLAY;
    std::array<EGLDeviceEXT, 16> devices{};
    EGLint count = 0;
    if (eglQueryDevicesEXT(static_cast<EGLint>(devices.size()), devices.data(), &count) ==
        EGL_FALSE)
        return EGL_NO_DISPLAY;
    for (EGLint i = 0; i < count; ++i) {
        EGLDeviceEXT device = devices[static_cast<size_t>(i)];
        const char* about = eglQueryDeviceStringEXT(device, EGL_EXTENSIONS);
        if (about != nullptr && std::strstr(about, "EGL_MESA_device_software") != nullptr) continue;
        EGLDisplay display =
            initialised(eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, device, nullptr));
        if (display != EGL_NO_DISPLAY) return display;
    }
    return EGL_NO_DISPLAY;
}

EGLDisplay surfaceless_display() {
    if (!client_has("EGL_MESA_platform_surfaceless")) return EGL_NO_DISPLAY;
    return initialised(eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr));
}

EGLContext make_context(EGLDisplay display) {
    if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) return EGL_NO_CONTEXT;
    const std::array<EGLint, 5> config_wish{EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE,
                                            0, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    eglChooseConfig(display, config_wish.data(), &config, 1, &count);
    const std::array<EGLint, 7> wish{EGL_CONTEXT_MAJOR_VERSION,
                                     3,
                                     EGL_CONTEXT_MINOR_VERSION,
                                     3,
                                     EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                     EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                     EGL_NONE};
    return eglCreateContext(display, count > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT,
                            wish.data());
}

}  // namespace

base::Result<std::unique_ptr<Backend>> make_headless_backend() {
    for (auto* open : {&device_display, &surfaceless_display}) {
        EGLDisplay display = open();
        if (display == EGL_NO_DISPLAY) continue;
        EGLContext context = make_context(display);
        if (context != EGL_NO_CONTEXT &&
            eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) != EGL_FALSE)
            return std::unique_ptr<Backend>(std::make_unique<Headless>(display, context));
        if (context != EGL_NO_CONTEXT) eglDestroyContext(display, context);
        eglTerminate(display);
    }
    return base::Error{"system", "no EGL display gives an OpenGL 3.3 context (install Mesa)"};
}

}  // namespace bw::compositor

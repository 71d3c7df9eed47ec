// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/desktop_x11.h"

#include <X11/Xlib.h>
#include <X11/extensions/Xrandr.h>
#include <X11/extensions/dpms.h>
#include <X11/extensions/scrnsaver.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <span>

#include "core/base/log.h"

namespace bw::compositor {

namespace {

constexpr long kEdidWords = 64;  // of 32 bits: the first block and one more

template <auto Free>
struct With {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
using Resources = std::unique_ptr<XRRScreenResources, With<XRRFreeScreenResources>>;
using OutputInfo = std::unique_ptr<XRROutputInfo, With<XRRFreeOutputInfo>>;
using CrtcInfo = std::unique_ptr<XRRCrtcInfo, With<XRRFreeCrtcInfo>>;

// An output can go between two questions about it. Xlib's own handler would end the process.
int note_error(::Display*, XErrorEvent* event) {
    base::log_warning("X server: error {} to request {}.{}", static_cast<int>(event->error_code),
                      static_cast<int>(event->request_code), static_cast<int>(event->minor_code));
    return 0;
}

double refresh_of(const XRRScreenResources& resources, RRMode mode) {
    for (const XRRModeInfo& m : std::span(resources.modes, static_cast<size_t>(resources.nmode))) {
        const double dots = static_cast<double>(m.hTotal) * m.vTotal;
        if (m.id == mode && dots > 0) return static_cast<double>(m.dotClock) / dots;
    }
    return 0;
}

// Goes into logs, pages and a table of one line per output.
std::string printable(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c < 0x20 || c > 0x7E) c = '?';
    return out;
}

class X11 final : public Desktop {
  public:
    explicit X11(::Display* display) : display_(display), root_(DefaultRootWindow(display)) {}
    ~X11() override { XCloseDisplay(display_); }
    X11(const X11&) = delete;
    X11& operator=(const X11&) = delete;

    bool listen() {
        int error = 0, major = 0, minor = 0;
        if (XRRQueryExtension(display_, &event_base_, &error) == False) return false;
        if (XRRQueryVersion(display_, &major, &minor) == 0) return false;
        if (major * 100 + minor < 103) return false;
        edid_ = XInternAtom(display_, RR_PROPERTY_RANDR_EDID, False);
        XRRSelectInput(display_, root_,
                       RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask |
                           RROutputChangeNotifyMask | RROutputPropertyNotifyMask);
        return true;
    }

    std::vector<wall::PluggedOutput> outputs(bool probe) override {
        const Resources resources(probe ? XRRGetScreenResources(display_, root_)
                                        : XRRGetScreenResourcesCurrent(display_, root_));
        std::vector<wall::PluggedOutput> out;
        if (!resources) return out;
        for (const RROutput id :
             std::span(resources->outputs, static_cast<size_t>(resources->noutput)))
            add_output(*resources, id, out);
        return out;
    }

    bool changed() override {
        bool any = false;
        while (XPending(display_) > 0) {
            XEvent event{};
            XNextEvent(display_, &event);
            any = any || event.type == event_base_ + RRScreenChangeNotify ||
                  event.type == event_base_ + RRNotify;
            (void)XRRUpdateConfiguration(&event);
        }
        return any;
    }

    void keep_awake() override {
        int event = 0, error = 0;
        if (XScreenSaverQueryExtension(display_, &event, &error) != False)
            XScreenSaverSuspend(display_, True);  // with it the server's power saving
        XResetScreenSaver(display_);
        if (DPMSQueryExtension(display_, &event, &error) != False &&
            DPMSCapable(display_) != False) {
            CARD16 level = DPMSModeOn;
            BOOL enabled = False;
            if (DPMSInfo(display_, &level, &enabled) != False && enabled != False &&
                level != DPMSModeOn)
                DPMSForceLevel(display_, DPMSModeOn);  // monitors that sleep already
        }
        XFlush(display_);
    }

  private:
    void add_output(XRRScreenResources& resources, RROutput id,
                    std::vector<wall::PluggedOutput>& out) {
        const OutputInfo info(XRRGetOutputInfo(display_, &resources, id));
        if (!info || info->connection == RR_Disconnected) return;
        wall::PluggedOutput plugged;
        plugged.connector =
            printable({info->name, static_cast<size_t>(std::max(info->nameLen, 0))});
        plugged.edid = edid_of(id);
        const CrtcInfo crtc(info->crtc != None ? XRRGetCrtcInfo(display_, &resources, info->crtc)
                                               : nullptr);
        if (crtc && crtc->mode != None) {
            plugged.x = crtc->x;
            plugged.y = crtc->y;
            plugged.width = static_cast<int>(crtc->width);
            plugged.height = static_cast<int>(crtc->height);
            plugged.refresh_hz = refresh_of(resources, crtc->mode);
            plugged.turned = crtc->rotation != RR_Rotate_0;
        }
        out.push_back(std::move(plugged));
    }

    std::optional<wall::Edid> edid_of(RROutput output) {
        Atom type = None;
        int format = 0;
        unsigned long count = 0, left = 0;
        unsigned char* bytes = nullptr;
        XRRGetOutputProperty(display_, output, edid_, 0, kEdidWords, False, False, AnyPropertyType,
                             &type, &format, &count, &left, &bytes);
        if (bytes == nullptr) return std::nullopt;
        std::optional<wall::Edid> out;
        if (format == 8 && count > 0) {
            auto edid = wall::parse_edid({bytes, count});
            if (edid.ok()) out = std::move(*edid);
        }
        XFree(bytes);
        return out;
    }

    ::Display* display_;
    ::Window root_;
    Atom edid_ = None;
    int event_base_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Desktop>> Desktop::open() {
    ::Display* display = XOpenDisplay(nullptr);
    if (display == nullptr)
        return base::Error{"system", "no X server (DISPLAY) to ask for outputs"};
    XSetErrorHandler(note_error);
    auto desktop = std::make_unique<X11>(display);
    if (!desktop->listen()) return base::Error{"system", "the X server has no RandR 1.3"};
    return std::unique_ptr<Desktop>(std::move(desktop));
}

std::string output_lines(const std::vector<wall::PluggedOutput>& outputs) {
    std::string out;
    for (const wall::PluggedOutput& o : outputs) {
        const wall::Edid edid = o.edid.value_or(wall::Edid{});
        out += fmt::format("{}\t{}\t{}\t{}\t{}\t{:.3f}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", o.connector,
                           o.x, o.y, o.width, o.height, o.refresh_hz, o.turned ? 1 : 0,
                           o.edid ? 1 : 0, edid.maker, o.edid ? edid.model() : "", edid.serial(),
                           edid.width_mm, edid.height_mm);
    }
    return out;
}

}  // namespace bw::compositor

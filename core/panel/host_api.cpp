// SPDX-License-Identifier: Apache-2.0
#include "core/panel/host_api.h"

#include <beaconwall/textures.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/panel/pane.h"

namespace bw::panel {

/// The C functions.
struct HostApi::Calls {
    static const HostApi& self(const bw_host_t* host) {
        return *static_cast<const HostApi*>(host->context);
    }

    /// The owner, or null when a plugin calls from a thread of its own.
    static Owner* owner(const bw_host_t* host, const char* function) {
        const HostApi& api = self(host);
        if (std::this_thread::get_id() == api.main_) return &api.owner_;
        ++api.foreign_calls_;
        base::log_error("the plugin called {} from a thread of its own: ignored", function);
        return nullptr;
    }

    static void write(const bw_host_t*, uint32_t level, const char* text) {
        if (text == nullptr) return;
        base::log_write(static_cast<base::Level>(std::min<uint32_t>(level, BW_LOG_ERROR)), text);
    }
    static void subscribe(const bw_host_t* host, uint64_t handle, const char* prefix) {
        Owner* to = owner(host, "subscribe");
        if (to != nullptr && prefix != nullptr) to->subscribe(handle, prefix);
    }
    static void command(const bw_host_t* host, uint64_t handle, const char* type,
                        const char* subject, const char* data) {
        Owner* to = owner(host, "command");
        if (to != nullptr && type && subject && data) to->command(handle, type, subject, data);
    }
    static int64_t mono_ns(const bw_host_t* host) { return self(host).owner_.mono_ns(); }
    static int64_t space_wall_ns(const bw_host_t* host) {
        const Owner* to = owner(host, "space_wall_ns");
        return to != nullptr ? to->space_wall_ns() : 0;
    }
    static int32_t utc_offset_s(const bw_host_t* host) {
        const Owner* to = owner(host, "utc_offset_s");
        return to != nullptr ? to->utc_offset_s() : 0;
    }
    static void save(const bw_host_t* host, uint64_t handle, const char* json) {
        Owner* to = owner(host, "save");
        if (to != nullptr && json != nullptr) to->save_view(handle, json);
    }
    static const bw_keepout_t* keepouts(const bw_host_t* host, uint64_t handle, uint32_t* count) {
        Owner* to = owner(host, "keepouts");
        const auto all = to != nullptr ? to->keepouts(handle) : std::span<const bw_keepout_t>();
        if (count != nullptr) *count = static_cast<uint32_t>(all.size());
        return all.data();
    }

    static Pane* pane(const bw_host_t* host, uint64_t handle, const char* function) {
        Owner* to = owner(host, function);
        Pane* found = to != nullptr ? to->pane_of(handle) : nullptr;
        if (to != nullptr && found == nullptr)
            base::log_warning("the plugin called {} for a panel that is not there", function);
        return found;
    }
    static uint32_t create_texture(const bw_host_t* host, uint64_t handle, uint32_t width,
                                   uint32_t height) {
        Pane* to = pane(host, handle, "textures.create");
        if (to == nullptr) return 0;
        const auto made = to->textures().create(width, height);
        if (made) return *made;
        base::log_warning("{}: no texture: {}", to->wish().pane, made.error().text);
        return 0;
    }
    static bool write_texture(const bw_host_t* host, uint64_t handle, uint32_t texture,
                              const bw_texture_part_t* part) {
        Pane* to = pane(host, handle, "textures.write");
        if (to == nullptr || part == nullptr) return false;
        const auto done = to->textures().write(
            texture, {part->rgba, part->stride, part->x, part->y, part->width, part->height});
        if (!done)
            base::log_warning("{}: texture {} stays as it is: {}", to->wish().pane, texture,
                              done.error().text);
        return done.ok();
    }
    /// A panel may let go of its textures while it is destroyed: they are gone already.
    static void destroy_texture(const bw_host_t* host, uint64_t handle, uint32_t texture) {
        Owner* to = owner(host, "textures.destroy");
        Pane* of = to != nullptr ? to->pane_of(handle) : nullptr;
        if (of != nullptr) (void)of->textures().destroy(texture);
    }

    static const void* get_extension(const bw_host_t* host, const char* id) {
        static const bw_ext_log_t log{write};
        static const bw_ext_events_t events{subscribe, command};
        static const bw_ext_clock_t clock{mono_ns, space_wall_ns, utc_offset_s};
        static const bw_ext_view_t view{save};
        static const bw_ext_keepouts_t keep{keepouts};
        static const bw_ext_textures_t textures{create_texture, write_texture, destroy_texture};
        std::string_view wanted = id != nullptr ? id : "";
        if (wanted == BW_EXT_LOG) return &log;
        if (wanted == BW_EXT_EVENTS) return &events;
        if (wanted == BW_EXT_CLOCK) return &clock;
        if (wanted == BW_EXT_VIEW) return &view;
        if (wanted == BW_EXT_KEEPOUTS) return &keep;
        if (wanted == BW_EXT_TEXTURES) return &textures;
        if (wanted == BW_EXT_GLYPHS) return &self(host).glyphs_;
        return nullptr;
    }
};

HostApi::HostApi(Owner& owner, std::span<const std::byte> glyphs) : owner_(owner) {
    glyphs_ = {glyphs.data(), glyphs.size()};
    host_ = {BW_ABI_VERSION, this, Calls::get_extension};
}

}  // namespace bw::panel

// SPDX-License-Identifier: Apache-2.0
// The C ABI on one side, Panel objects on the other. No exception passes.
#include "library.h"

#include <imgui.h>

#include <exception>

#include "beaconwall/sdk/format.h"
#include "frame.h"

namespace bw::sdk {

int32_t hall_offset_s() {
    constexpr int32_t kDefault = 8 * 3600;
    const Library& lib = library();
    return lib.clock != nullptr ? lib.clock->utc_offset_s(lib.host) : kDefault;
}

Library& library() {
    static Library the_library;
    return the_library;
}

void ImGuiEnd::operator()(ImGuiContext* context) const {
    ImGui::DestroyContext(context);
}

void Library::write(uint32_t level, const std::string& text) const {
    if (log != nullptr) log->write(host, level, text.c_str());
}

namespace {

/// One panel as the host sees it.
struct Holder {
    bw_panel_t abi{};
    std::unique_ptr<Panel> panel;
    Picture picture;
};

Holder& holder(bw_panel_t* panel) {
    return *static_cast<Holder*>(panel->context);
}

/// Runs a panel's own code; false if it threw.
template <class F>
bool guarded(const Panel& panel, const char* what, F call) noexcept {
    try {
        call();
        return true;
    } catch (const std::exception& error) {
        library().write(BW_LOG_ERROR, panel.pane() + ": " + what + " failed: " + error.what());
    } catch (...) {
        library().write(BW_LOG_ERROR, panel.pane() + ": " + what + " failed");
    }
    return false;
}

void read_keepouts(Panel::State& state) {
    state.keepouts.clear();
    const Library& lib = library();
    if (lib.keepouts == nullptr) return;
    uint32_t count = 0;
    const bw_keepout_t* from = lib.keepouts->get(lib.host, state.handle, &count);
    for (uint32_t i = 0; i < count; ++i)
        state.keepouts.push_back({from[i].x, from[i].y, from[i].width, from[i].height});
}

void configure(bw_panel_t* abi, const bw_pane_config_t* config) noexcept {
    Panel& panel = *holder(abi).panel;
    bool good = guarded(panel, "configure", [&] {
        Panel::State& state = panel.state();
        state.width = static_cast<float>(config->width);
        state.height = static_cast<float>(config->height);
        state.scale = config->scale;
        state.pane = config->pane;
        state.language = config->language;
        state.settings = Json::parse(config->settings);
        state.view = Json::parse(config->view);
        read_keepouts(state);
        if (!state.started) panel.start();
        state.started = true;
        panel.configured();
    });
    panel.state().failed = !good;
}

bool event(bw_panel_t* abi, const bw_event_t* from) noexcept {
    Panel& panel = *holder(abi).panel;
    bool draw = false;
    guarded(panel, "event", [&] {
        Event event;
        event.type = from->type;
        event.subject = from->subject;
        event.source = from->source;
        event.time = from->time;
        event.text = from->data;
        event.sequence = from->sequence;
        event.revision = from->revision;
        event.tombstone = from->tombstone;
        event.replayed = from->replayed;
        draw = panel.event(event);
    });
    return draw;
}

bool input(bw_panel_t* abi, const bw_input_t* from) noexcept {
    Panel& panel = *holder(abi).panel;
    bool draw = false;
    guarded(panel, "input", [&] {
        Input input{static_cast<InputKind>(from->type), from->button, from->x, from->y,
                    from->wheel};
        Panel::State& state = panel.state();
        const bool inside = input.kind != InputKind::leave;
        const Panel::State::Pressable* before = state.under_pointer();
        if (inside && !state.pointer_inside) state.pointer_since_ns = panel.now_ns();
        draw = inside != state.pointer_inside;  // pages stop and go on
        state.pointer_inside = inside;
        state.pointer_x = input.x;
        state.pointer_y = input.y;
        const Panel::State::Pressable* now = state.under_pointer();
        draw = draw || now != before;
        if (now != nullptr && input.kind == InputKind::press && input.button == 1) {
            now->pressed();
            draw = true;
        }
        draw = panel.input(input) || draw;
    });
    return draw;
}

bool draw(bw_panel_t* abi, bw_draw_list_t* out) noexcept {
    Holder& self = holder(abi);
    Panel& panel = *self.panel;
    panel.state().redraw_s.reset();
    if (!guarded(panel, "draw", [&] { render(panel, self.picture); })) return false;
    const Picture& p = self.picture;
    *out = {};
    out->vertices = p.vertices.data();
    out->indices = p.indices.data();
    out->commands = p.commands.data();
    out->videos = p.videos.data();
    out->vertex_count = static_cast<uint32_t>(p.vertices.size());
    out->index_count = static_cast<uint32_t>(p.indices.size());
    out->command_count = static_cast<uint32_t>(p.commands.size());
    out->video_count = static_cast<uint32_t>(p.videos.size());
    if (panel.state().redraw_s)
        out->next_draw_ns = panel.mono_ns() + static_cast<int64_t>(*panel.state().redraw_s * 1e9);
    return true;
}

void destroy(bw_panel_t* abi) noexcept {
    Holder* self = &holder(abi);
    try {
        delete self;
    } catch (...) {
        library().write(BW_LOG_ERROR, "a panel failed while it was destroyed");
    }
}

ImGuiOwner make_imgui(Library& lib) {
    ImGuiOwner made(ImGui::CreateContext(lib.fonts->atlas()));
    ImGui::SetCurrentContext(made.get());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // no files, ever
    io.LogFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.FontDefault = lib.fonts->font(text::Role::body);
    ImGuiStyle& style = ImGui::GetStyle();
    style.AntiAliasedLinesUseTex = false;  // the atlas has no baked lines
    style.WindowRounding = style.FrameRounding = 0;
    style.WindowPadding = {0, 0};
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    return made;
}

template <class T>
const T* extension(const bw_host_t* host, const char* id) {
    return static_cast<const T*>(host->get_extension(host, id));
}

bool set_up(const bw_host_t* host) {
    Library& lib = library();
    lib.host = host;
    lib.log = extension<bw_ext_log_t>(host, BW_EXT_LOG);
    lib.events = extension<bw_ext_events_t>(host, BW_EXT_EVENTS);
    lib.clock = extension<bw_ext_clock_t>(host, BW_EXT_CLOCK);
    lib.view = extension<bw_ext_view_t>(host, BW_EXT_VIEW);
    lib.keepouts = extension<bw_ext_keepouts_t>(host, BW_EXT_KEEPOUTS);
    lib.textures = extension<bw_ext_textures_t>(host, BW_EXT_TEXTURES);
    auto glyphs = extension<bw_ext_glyphs_t>(host, BW_EXT_GLYPHS);
    if (!lib.events || !lib.clock || !lib.view || !glyphs) {
        lib.write(BW_LOG_ERROR, "the host lacks events, clock, view or glyphs");
        return false;
    }
    auto atlas = text::Atlas::view({static_cast<const std::byte*>(glyphs->bytes), glyphs->size});
    if (!atlas) {
        lib.write(BW_LOG_ERROR, atlas.error().text);
        return false;
    }
    lib.atlas = std::move(*atlas);
    lib.fonts = std::make_unique<text::AdoptedFonts>(*lib.atlas);
    return true;
}

}  // namespace

const Panel::State::Pressable* Panel::State::under_pointer() const {
    if (!pointer_inside) return nullptr;
    for (auto at = pressables.rbegin(); at != pressables.rend(); ++at)
        if (at->area.contains(pointer_x, pointer_y)) return &*at;
    return nullptr;
}

namespace detail {

void register_panels(std::initializer_list<PanelClass> classes) {
    library().classes = classes;
}

bool init(const bw_host_t* host) noexcept {
    try {
        return set_up(host);
    } catch (...) {
        return false;
    }
}

void deinit() noexcept {
    Library& lib = library();
    lib.fonts.reset();
    lib.atlas.reset();
    // The host and all that it gave are gone after this.
    lib.host = nullptr;
    lib.log = nullptr;
    lib.events = nullptr;
    lib.clock = nullptr;
    lib.view = nullptr;
    lib.keepouts = nullptr;
    lib.textures = nullptr;
}

bw_panel_t* create(const bw_host_t*, uint64_t handle, const char* panel_id) noexcept {
    try {
        for (const PanelClass& panel_class : library().classes) {
            if (std::string_view(panel_class.id) != panel_id) continue;
            auto self = std::make_unique<Holder>();
            self->panel = panel_class.make();
            self->panel->state().handle = handle;
            self->panel->state().imgui = make_imgui(library());
            self->abi = {self.get(), configure, event, input, draw, destroy};
            return &self.release()->abi;
        }
    } catch (const std::exception& error) {
        library().write(BW_LOG_ERROR, std::string("cannot make a panel: ") + error.what());
    } catch (...) {
        library().write(BW_LOG_ERROR, "cannot make a panel");
    }
    return nullptr;
}

}  // namespace detail
}  // namespace bw::sdk

// SPDX-License-Identifier: Apache-2.0
// One draw() inside one Dear ImGui frame, and its result in the ABI's terms.
#include <bit>
#include <cstring>

#include "frame.h"

namespace bw::sdk {

static_assert(sizeof(ImDrawVert) == sizeof(bw_vertex_t));
static_assert(offsetof(ImDrawVert, uv) == offsetof(bw_vertex_t, u));
static_assert(offsetof(ImDrawVert, col) == offsetof(bw_vertex_t, rgba));

void video_marker(const ImDrawList*, const ImDrawCmd*) {}

namespace {

/// 0: the font atlas, which has no id. A pointer or a number, as the version has it.
uint32_t texture_of(const ImDrawCmd& from) {
    static_assert(sizeof(ImTextureID) == sizeof(uint64_t));
    return static_cast<uint32_t>(std::bit_cast<uint64_t>(from.GetTexID()));
}

void append_command(const ImDrawCmd& from, uint32_t first_vertex, uint32_t first_index,
                    const ImDrawList& list, Picture& out) {
    bw_draw_command_t command{};
    command.clip_x0 = from.ClipRect.x;
    command.clip_y0 = from.ClipRect.y;
    command.clip_x1 = from.ClipRect.z;
    command.clip_y1 = from.ClipRect.w;
    command.first_index = first_index + from.IdxOffset;
    command.video = -1;
    if (from.UserCallback == video_marker) {
        command.first_index = 0;
        command.video = static_cast<int32_t>(reinterpret_cast<intptr_t>(from.UserCallbackData));
    } else if (from.UserCallback != nullptr || from.ElemCount == 0) {
        return;
    } else {
        command.texture = texture_of(from);
        command.count = from.ElemCount;
        for (uint32_t i = 0; i < from.ElemCount; ++i) {
            auto at = static_cast<int>(from.IdxOffset + i);
            out.indices[first_index + from.IdxOffset + i] =
                list.IdxBuffer[at] + from.VtxOffset + first_vertex;
        }
    }
    out.commands.push_back(command);
}

void append_list(const ImDrawList& list, Picture& out) {
    auto first_vertex = static_cast<uint32_t>(out.vertices.size());
    auto first_index = static_cast<uint32_t>(out.indices.size());
    auto vertices = static_cast<size_t>(list.VtxBuffer.Size);
    out.vertices.resize(first_vertex + vertices);
    if (vertices > 0)
        std::memcpy(out.vertices.data() + first_vertex, list.VtxBuffer.Data,
                    vertices * sizeof(bw_vertex_t));
    out.indices.resize(first_index + static_cast<size_t>(list.IdxBuffer.Size));
    for (const ImDrawCmd& command : list.CmdBuffer)
        append_command(command, first_vertex, first_index, list, out);
}

/// Ends the ImGui frame even when a panel throws, so that the next one can begin.
class ImGuiFrame {
  public:
    explicit ImGuiFrame(const Panel::State& state) {
        ImGui::SetCurrentContext(state.imgui.get());
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {state.width, state.height};
        io.DeltaTime = 1.0f / 60;  // always the same: the same facts give the same picture
        io.FontGlobalScale = state.scale / library().atlas->scale();
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(io.DisplaySize);
        ImGui::Begin("##panel", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                         ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                         ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoBringToFrontOnFocus);
    }
    ~ImGuiFrame() {
        if (!finished_) finish();
    }
    ImGuiFrame(const ImGuiFrame&) = delete;
    ImGuiFrame& operator=(const ImGuiFrame&) = delete;
    void finish() {
        ImGui::End();
        ImGui::Render();
        finished_ = true;
    }

  private:
    bool finished_ = false;
};

}  // namespace

void render(Panel& panel, Picture& out) {
    const Library& lib = library();
    panel.state().pressables.clear();
    ImGuiFrame imgui(panel.state());
    Ui::Frame frame{panel.state(), *lib.atlas, *lib.fonts, panel.now_ns()};
    frame.factor = panel.state().scale / lib.atlas->scale();
    frame.list = ImGui::GetWindowDrawList();
    Ui ui(frame);
    ui.fill(ui.bounds(), token::tile);
    if (panel.state().failed)  // its start() or configured() threw
        ui.empty(ui.bounds(), ui.tr("面板故障：无法启动", "panel fault: it does not start"));
    else
        panel.draw(ui);
    imgui.finish();

    out.vertices.clear();
    out.indices.clear();
    out.commands.clear();
    const ImDrawData* data = ImGui::GetDrawData();
    for (int i = 0; i < data->CmdListsCount; ++i) append_list(*data->CmdLists[i], out);
    out.videos = std::move(frame.videos);
}

}  // namespace bw::sdk

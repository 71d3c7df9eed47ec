// SPDX-License-Identifier: Apache-2.0
#include "core/wall/budget.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "core/wall/lint_parts.h"
#include "core/wall/panel_cameras.h"

namespace bw::wall {
namespace {

// Of one core, measured with one decoding thread per stream: 1.5 % for 640x360 at 25 pictures a
// second, 11.4 % for 1920x1080.
constexpr double kSubCores = 0.015, kMainCores = 0.114;
// To scale, convert and copy a picture into place: 0.1 cores for sixteen of 480x270 at 25 a second.
constexpr double kCoresPerPixel = 0.1 / (16 * 480 * 270);
// The media process takes the sub stream for pictures up to this width, and the main stream above
// what lies between.
constexpr double kMainFromPx = 800;
constexpr double kTight = 0.7;

const config::Camera* find(const config::Site& site, const std::string& id) {
    for (const config::Camera& camera : site.cameras)
        if (camera.id == id) return &camera;
    return nullptr;
}

bool begins(const std::string& text, std::string_view with) {
    return text.compare(0, with.size(), with) == 0;
}

/// A network camera with a main stream and no other. Of a source whose address a service gives
/// nothing is known, and files and patterns have one stream.
bool lacks_sub(const config::Camera* camera) {
    return camera && begins(camera->main_uri, "rtsp") && camera->sub_uri.empty();
}

/// A pattern is made here, small.
bool is_pattern(const config::Camera* camera) {
    return camera && begins(camera->main_uri, "test:");
}

/// The sources of a pane, and how large each is shown.
struct Shown {
    std::vector<std::string> sources;
    double width = 0, height = 0;  // pixels
};

Shown shown_in(const config::Site& site, const ScenePane& pane) {
    const RectPx size = picture_size(pane.rect, site.wall.displays);
    Shown shown{{pane.source}, static_cast<double>(size.width), static_cast<double>(size.height)};
    if (pane.kind == Shows::source) return shown;
    shown.sources = cameras_in(site, pane.settings);
    const auto count = static_cast<double>(std::max<size_t>(shown.sources.size(), 1));
    const double columns = std::ceil(std::sqrt(count));
    shown.width /= columns;
    shown.height /= std::ceil(count / columns);
    return shown;
}

}  // namespace

Budget budget_of(const config::Site& site, const Scene& scene) {
    Budget budget;
    std::map<std::string, double> widest;
    for (const ScenePane* pane : in_sight(scene)) {
        const Shown shown = shown_in(site, *pane);
        ++budget.panes;
        budget.pictures += shown.sources.size();
        for (const std::string& source : shown.sources) {
            double& width = widest[source];
            width = std::max(width, shown.width);
            budget.draw_cores += kCoresPerPixel * shown.width * shown.height;
        }
    }
    for (const auto& [source, width] : widest) {
        if (width <= 0) continue;  // on no display: nobody asks for it
        const config::Camera* camera = find(site, source);
        const bool large = width >= kMainFromPx && !is_pattern(camera);
        const bool main = large || lacks_sub(camera);
        ++(main ? budget.mains : budget.subs);
        budget.decode_cores += main ? kMainCores : kSubCores;
        if (main) (large ? budget.large : budget.without_sub).push_back(source);
    }
    return budget;
}

Verdict verdict(const Budget& budget, unsigned cores) {
    if (budget.cores() > cores) return Verdict::too_much;
    return budget.cores() > kTight * cores ? Verdict::tight : Verdict::fits;
}

void lint_budget(LintLayout& on, unsigned cores) {
    const Budget budget = budget_of(on.site, on.scene);
    if (verdict(budget, cores) == Verdict::too_much)
        on.tell(warning::over_budget,
                fmt::format("its {} pictures need about {:.1f} cores of the {} there are: they "
                            "will come late and be marked so, while the rest of the wall keeps "
                            "drawing; {}",
                            budget.pictures, budget.cores(), cores,
                            budget.large.empty()
                                ? std::string("show fewer, or page them")
                                : fmt::format("{} are {} pixels wide or more and play their main "
                                              "stream: make them smaller, or show fewer",
                                              listed(budget.large), kMainFromPx)));
    if (!budget.without_sub.empty())
        on.tell(warning::main_shown_small,
                fmt::format(
                    "{} shown less than {} pixels wide from the main stream, which costs "
                    "about {:.0f} times as much: give a `sub` in cameras.toml",
                    listed(budget.without_sub) + (budget.without_sub.size() == 1 ? " is" : " are"),
                    kMainFromPx, kMainCores / kSubCores));
}

}  // namespace bw::wall

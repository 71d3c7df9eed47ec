// SPDX-License-Identifier: Apache-2.0
#include "core/cli/doctor_displays.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

namespace bw::cli {
namespace {

using wall::PluggedOutput;

constexpr size_t kFields = 13;
constexpr double kUsualPitchMm = 25.4 / 96;  // where a monitor tells no size
constexpr double kSquare = 0.05;             // pixels are square to within this share

template <class T>
T number(std::string_view text) {
    T out{};
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    for (size_t from = 0; from <= text.size();) {
        const size_t to = std::min(text.find(at, from), text.size());
        out.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return out;
}

struct Millimetres {
    double width = 0, height = 0;
    const char* note = "";
};

// As the desktop has it: a picture that the X server turns is as high as the monitor is wide.
Millimetres size_of(const PluggedOutput& o) {
    double width = o.edid ? o.edid->width_mm : 0, height = o.edid ? o.edid->height_mm : 0;
    if (width < 1 || height < 1)
        return {o.width * kUsualPitchMm, o.height * kUsualPitchMm,
                "  # it tells no size: measure its lit area"};
    if (o.turned && (o.width > o.height) != (width > height)) std::swap(width, height);
    const double across = width / o.width, down = height / o.height;
    if (std::abs(across / down - 1) <= kSquare) return {width, height, ""};
    return {width, o.height * across, "  # it tells another shape than its mode has: measure it"};
}

// Millimetres along one axis of the desktop. Between two edges the largest pitch there counts, so
// that monitors of different pitch side by side do not overlap.
class Ruler {
  public:
    void add(int from, int to, double mm) { spans_.push_back({from, to, mm / (to - from)}); }
    [[nodiscard]] double at(int pixel) const {
        std::set<int> edges;
        for (const Span& span : spans_) edges.insert({span.from, span.to});
        double out = 0;
        for (auto edge = edges.begin(); edge != edges.end() && *edge < pixel; ++edge) {
            const auto next = std::next(edge);
            if (next == edges.end()) break;
            double pitch = 0;
            for (const Span& span : spans_)
                if (span.from <= *edge && span.to >= *next) pitch = std::max(pitch, span.pitch);
            out += (std::min(*next, pixel) - *edge) * (pitch > 0 ? pitch : kUsualPitchMm);
        }
        return out;
    }

  private:
    struct Span {
        int from, to;
        double pitch;
    };
    std::vector<Span> spans_;
};

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c >= 0x20 && c < 0x7F ? c : '?';
    }
    return out + "\"";
}

std::string name_of(const PluggedOutput& o, std::map<std::string, int>& used) {
    std::string out;
    for (const char c : o.connector)
        out += std::isalnum(static_cast<unsigned char>(c)) != 0
                   ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                   : '-';
    if (out.empty() || out.front() == '-') out = "display" + out;
    const int count = ++used[out];
    return count == 1 ? out : out + "-" + std::to_string(count);
}

std::string output_of(const PluggedOutput& o) {
    std::string out;
    const auto add = [&out](const char* key, const std::string& value) {
        if (value.empty()) return;
        out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", key, quoted(value));
    };
    if (o.edid) {
        add("maker", o.edid->maker);
        add("model", o.edid->model());
        add("serial", o.edid->serial());
    }
    add("connector", o.connector);
    return "output = { " + out + " }\n";
}

}  // namespace

std::vector<PluggedOutput> parse_output_lines(std::string_view lines) {
    std::vector<PluggedOutput> out;
    for (const std::string_view line : split(lines, '\n')) {
        const auto f = split(line, '\t');
        if (f.size() != kFields || f[0].empty()) continue;
        PluggedOutput o;
        o.connector = f[0];
        o.x = number<int>(f[1]);
        o.y = number<int>(f[2]);
        o.width = number<int>(f[3]);
        o.height = number<int>(f[4]);
        o.refresh_hz = number<double>(f[5]);
        o.turned = f[6] == "1";
        if (f[7] == "1") {
            wall::Edid edid;
            edid.maker = f[8];
            edid.name = f[9];
            edid.serial_text = f[10];
            edid.width_mm = number<uint32_t>(f[11]);
            edid.height_mm = number<uint32_t>(f[12]);
            o.edid = std::move(edid);
        }
        out.push_back(std::move(o));
    }
    return out;
}

std::string display_entries(const std::vector<PluggedOutput>& outputs) {
    Ruler across, down;
    for (const PluggedOutput& o : outputs) {
        if (!o.on()) continue;
        const Millimetres size = size_of(o);
        across.add(o.x, o.x + o.width, size.width);
        down.add(o.y, o.y + o.height, size.height);
    }
    std::string out;
    std::map<std::string, int> names;
    for (const PluggedOutput& o : outputs) {
        if (!o.on()) {
            out +=
                fmt::format("# {} is plugged in, but switched off: xrandr --output {} --auto\n\n",
                            o.connector, o.connector);
            continue;
        }
        const Millimetres size = size_of(o);
        out += fmt::format("[[display]]  # {}, {:.4g} Hz\n", o.connector, o.refresh_hz);
        out += fmt::format("name = {}\n", quoted(name_of(o, names)));
        out += fmt::format("x_mm = {:.1f}\ny_mm = {:.1f}\n", across.at(o.x), down.at(o.y));
        out += fmt::format("width_mm = {:.1f}{}\nheight_mm = {:.1f}\n", size.width, size.note,
                           size.height);
        out += fmt::format("width_px = {}\nheight_px = {}\n", o.width, o.height);
        out += output_of(o) + "\n";
    }
    return out;
}

}  // namespace bw::cli

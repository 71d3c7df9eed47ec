// SPDX-License-Identifier: Apache-2.0
#include "core/wall/outputs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <functional>
#include <numeric>
#include <tuple>

namespace bw::wall {

namespace {

using config::Display;
using config::Output;

bool names_a_monitor(const Output& wish) {
    return !wish.maker.empty() || !wish.model.empty() || !wish.serial.empty();
}

bool is_maker(const std::string& wished, const Edid& edid) {
    return std::equal(wished.begin(), wished.end(), edid.maker.begin(), edid.maker.end(),
                      [](unsigned char a, char b) { return std::toupper(a) == b; });
}

bool is_model(const std::string& wished, const Edid& edid) {
    if (wished == edid.name) return true;
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "0x%04x", static_cast<unsigned>(edid.product));
    std::string lower = wished;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower == code.data();
}

bool is_serial(const std::string& wished, const Edid& edid) {
    return wished == edid.serial_text ||
           (edid.serial_number != 0 && wished == std::to_string(edid.serial_number));
}

// Indices in reading order: by rows, and from the left in a row.
template <class T, class Key>
std::vector<size_t> in_order(const std::vector<T>& all, Key key) {
    std::vector<size_t> order(all.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return key(all[a]) < key(all[b]); });
    return order;
}

class Binder {
  public:
    Binder(const std::vector<Display>& displays, const std::vector<PluggedOutput>& outputs)
        : displays_(displays), outputs_(outputs) {
        out_.output_of.resize(displays.size());
        out_.display_of.resize(outputs.size());
        out_.expected_at.resize(outputs.size());
        display_order_ = in_order(
            displays, [](const Display& d) { return std::tuple(d.hang_y_mm, d.hang_x_mm); });
        output_order_ =
            in_order(outputs, [](const PluggedOutput& o) { return std::tuple(o.y, o.x); });
    }

    Binding bind() {
        by_serial();
        by_model_and_connector();
        by_connector_alone();
        by_model_where_only_one_is_left();
        by_model_alone();
        name_the_expected();
        by_place();
        return std::move(out_);
    }

  private:
    [[nodiscard]] bool free(size_t output) const {
        return outputs_[output].on() && !out_.display_of[output];
    }
    [[nodiscard]] bool wished(const Output& wish, size_t output) const {
        return outputs_[output].edid && is_wished(wish, *outputs_[output].edid);
    }
    [[nodiscard]] bool plugged_as(const Output& wish, size_t output) const {
        return !wish.connector.empty() && wish.connector == outputs_[output].connector;
    }
    void give(size_t display, size_t output) {
        out_.output_of[display] = output;
        out_.display_of[output] = display;
    }
    void each_unbound(const std::function<void(size_t, const Output&)>& f) {
        for (const size_t d : display_order_)
            if (!out_.output_of[d]) f(d, displays_[d].output);
    }
    std::vector<size_t> candidates(const std::function<bool(size_t)>& fits) const {
        std::vector<size_t> found;
        for (const size_t o : output_order_)
            if (free(o) && fits(o)) found.push_back(o);
        return found;
    }

    // A serial names one monitor. Should two claim to be it, the connector decides.
    void by_serial() {
        for (const bool plugged : {true, false})
            each_unbound([&](size_t d, const Output& wish) {
                if (wish.serial.empty()) return;
                const auto found = candidates(
                    [&](size_t o) { return wished(wish, o) && (!plugged || plugged_as(wish, o)); });
                if (!found.empty()) give(d, found.front());
            });
    }
    void by_model_and_connector() {
        each_unbound([&](size_t d, const Output& wish) {
            if (!names_a_monitor(wish)) return;
            const auto found =
                candidates([&](size_t o) { return wished(wish, o) && plugged_as(wish, o); });
            if (!found.empty()) give(d, found.front());
        });
    }
    // Also where the wish names a monitor, but what is plugged in there tells nothing about itself.
    void by_connector_alone() {
        each_unbound([&](size_t d, const Output& wish) {
            const auto found = candidates([&](size_t o) {
                return plugged_as(wish, o) && (!names_a_monitor(wish) || !outputs_[o].edid);
            });
            if (!found.empty()) give(d, found.front());
        });
    }
    // Its monitor is plugged in somewhere else. With several alike, which one it is cannot be
    // known: then it stays missing.
    void by_model_where_only_one_is_left() {
        std::vector<std::pair<size_t, size_t>> gifts;
        each_unbound([&](size_t d, const Output& wish) {
            if (!names_a_monitor(wish) || wish.connector.empty()) return;
            const auto found = candidates([&](size_t o) { return wished(wish, o); });
            if (found.size() == 1) gifts.emplace_back(d, found.front());
        });
        for (const auto& [d, o] : gifts) {
            const auto same = [output = o](const auto& gift) { return gift.second == output; };
            if (std::count_if(gifts.begin(), gifts.end(), same) == 1) give(d, o);
        }
    }
    void by_model_alone() {
        each_unbound([&](size_t d, const Output& wish) {
            if (!names_a_monitor(wish) || !wish.connector.empty() || !wish.serial.empty()) return;
            const auto found = candidates([&](size_t o) { return wished(wish, o); });
            if (!found.empty()) give(d, found.front());
        });
    }
    // The place of a display that is missing: what hangs there waits for it.
    void name_the_expected() {
        each_unbound([&](size_t d, const Output& wish) {
            for (const size_t o : output_order_)
                if (free(o) && plugged_as(wish, o) && !out_.expected_at[o]) out_.expected_at[o] = d;
        });
    }
    void by_place() {
        each_unbound([&](size_t d, const Output& wish) {
            if (!wish.empty()) return;
            const auto found = candidates([&](size_t o) { return !out_.expected_at[o]; });
            if (!found.empty()) give(d, found.front());
        });
    }

    const std::vector<Display>& displays_;
    const std::vector<PluggedOutput>& outputs_;
    std::vector<size_t> display_order_, output_order_;
    Binding out_;
};

}  // namespace

bool is_wished(const Output& wish, const Edid& edid) {
    return names_a_monitor(wish) && (wish.maker.empty() || is_maker(wish.maker, edid)) &&
           (wish.model.empty() || is_model(wish.model, edid)) &&
           (wish.serial.empty() || is_serial(wish.serial, edid));
}

Binding bind_outputs(const std::vector<Display>& displays,
                     const std::vector<PluggedOutput>& outputs) {
    return Binder(displays, outputs).bind();
}

std::string identity_words(const std::string& maker, const std::string& model,
                           const std::string& serial) {
    std::string out;
    for (const std::string* part : {&maker, &model, &serial}) {
        if (part->empty()) continue;
        if (!out.empty()) out += " · ";
        out += *part;
    }
    return out;
}

}  // namespace bw::wall

// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/panel.h"

#include "core/base/clock.h"
#include "library.h"

namespace bw::sdk {

const Json& Event::data() const {
    if (!parsed_) data_ = Json::parse(text);
    parsed_ = true;
    return data_;
}

std::string_view Event::id() const {
    size_t slash = subject.find('/');
    return slash == std::string_view::npos ? subject : subject.substr(slash + 1);
}

int64_t Event::time_ns() const {
    return base::parse_rfc3339(time).value_or(0);
}

Panel::Panel() : state_(std::make_unique<State>()) {}
Panel::~Panel() = default;

const std::string& Panel::pane() const {
    return state_->pane;
}
const Json& Panel::settings() const {
    return state_->settings;
}
const std::string& Panel::language() const {
    return state_->language;
}
bool Panel::chinese() const {
    return state_->language == "zh";
}
const Json& Panel::view() const {
    return state_->view;
}
float Panel::width() const {
    return state_->width;
}
float Panel::height() const {
    return state_->height;
}
float Panel::scale() const {
    return state_->scale;
}

int64_t Panel::now_ns() const {
    return library().clock->space_wall_ns(library().host);
}
int64_t Panel::mono_ns() const {
    return library().clock->mono_ns(library().host);
}

void Panel::subscribe(std::string_view prefix) {
    library().events->subscribe(library().host, state_->handle, std::string(prefix).c_str());
}

void Panel::command(std::string_view type, std::string_view subject, const Json& data) {
    library().events->command(library().host, state_->handle, std::string(type).c_str(),
                              std::string(subject).c_str(), data.dump().c_str());
}

void Panel::save_view(const Json& view) {
    std::string json = view.dump();
    if (json.size() > 4096) return log_warning("the view record is over 4096 bytes: not saved");
    state_->view = Json::parse(json);
    library().view->save(library().host, state_->handle, json.c_str());
}

void Panel::redraw_in(double seconds) {
    if (!state_->redraw_s || seconds < *state_->redraw_s) state_->redraw_s = seconds;
}

void Panel::log_info(std::string_view text) const {
    library().write(BW_LOG_INFO, state_->pane + ": " + std::string(text));
}
void Panel::log_warning(std::string_view text) const {
    library().write(BW_LOG_WARNING, state_->pane + ": " + std::string(text));
}

}  // namespace bw::sdk

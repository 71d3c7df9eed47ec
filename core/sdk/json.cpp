// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/json.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace bw::sdk {

struct Json::Document {
    nlohmann::json root;
};

namespace {

using Value = nlohmann::json;

const Value& value_of(const void* node) {
    static const Value null;
    return node == nullptr ? null : *static_cast<const Value*>(node);
}

const Value* step(const Value& value, std::string_view key) {
    if (value.is_object()) {
        auto it = value.find(std::string(key));
        return it == value.end() ? nullptr : &*it;
    }
    if (!value.is_array()) return nullptr;
    size_t index = 0;
    auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    bool whole = error == std::errc{} && end == key.data() + key.size();
    return whole && index < value.size() ? &value[index] : nullptr;
}

const Value* walk(const void* node, std::string_view path) {
    const Value* value = &value_of(node);
    while (!path.empty() && value != nullptr) {
        size_t dot = path.find('.');
        value = step(*value, path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return value;
}

std::optional<double> number_at(const void* node, std::string_view path) {
    const Value* value = walk(node, path);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->get<double>();
}

std::string written(const Value& value) {
    return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

}  // namespace

Json::Json() = default;

Json Json::parse(std::string_view text) {
    Json result;
    result.document_ = std::make_shared<Document>();
    result.document_->root = Value::parse(text, nullptr, false);
    if (result.document_->root.is_discarded()) return {};
    result.node_ = &result.document_->root;
    return result;
}

Json Json::object() {
    return parse("{}");
}
Json Json::array() {
    return parse("[]");
}

bool Json::is_null() const {
    return value_of(node_).is_null();
}
bool Json::is_object() const {
    return value_of(node_).is_object();
}
bool Json::is_array() const {
    return value_of(node_).is_array();
}
bool Json::is_text() const {
    return value_of(node_).is_string();
}
bool Json::is_number() const {
    return value_of(node_).is_number();
}

size_t Json::size() const {
    const Value& value = value_of(node_);
    return value.is_structured() ? value.size() : 0;
}

Json Json::at(std::string_view path) const {
    const Value* value = walk(node_, path);
    if (value == nullptr || document_ == nullptr) return {};
    Json result;
    result.document_ = document_;
    result.node_ = value;
    return result;
}

Json Json::at(size_t index) const {
    return at(std::string_view(std::to_string(index)));
}

bool Json::has(std::string_view path) const {
    return document_ != nullptr && walk(node_, path) != nullptr;
}

std::optional<double> Json::get_number(std::string_view path) const {
    return number_at(node_, path);
}

double Json::number(std::string_view path, double fallback) const {
    return number_at(node_, path).value_or(fallback);
}

int64_t Json::integer(std::string_view path, int64_t fallback) const {
    const Value* value = walk(node_, path);
    if (value == nullptr || !value->is_number()) return fallback;
    if (value->is_number_integer()) return value->get<int64_t>();
    double number = value->get<double>();
    bool fits = number > -9.2e18 && number < 9.2e18;
    return fits ? static_cast<int64_t>(number) : fallback;
}

bool Json::flag(std::string_view path, bool fallback) const {
    const Value* value = walk(node_, path);
    return value != nullptr && value->is_boolean() ? value->get<bool>() : fallback;
}

std::string Json::text(std::string_view path, std::string_view fallback) const {
    const Value* value = walk(node_, path);
    if (value == nullptr || value->is_null() || value->is_structured())
        return std::string(fallback);
    return value->is_string() ? value->get<std::string>() : written(*value);
}

std::string Json::text_in(std::string_view path, std::string_view language,
                          std::string_view fallback) const {
    Json value = at(path);
    if (!value.is_object()) return value.text("", fallback);
    std::string wanted = value.text(language);
    if (!wanted.empty()) return wanted;
    return value.text(language == "zh" ? "en" : "zh", fallback);
}

void Json::each(std::string_view path, const std::function<void(const Json&)>& visit) const {
    Json values = at(path);
    const Value& list = value_of(values.node_);
    if (!list.is_structured()) return;
    for (const Value& value : list) {
        Json element;
        element.document_ = document_;
        element.node_ = &value;
        visit(element);
    }
}

void Json::each_member(std::string_view path,
                       const std::function<void(const std::string&, const Json&)>& visit) const {
    Json values = at(path);
    const Value& object = value_of(values.node_);
    if (!object.is_object()) return;
    for (const auto& [name, value] : object.items()) {
        Json member;
        member.document_ = document_;
        member.node_ = &value;
        visit(name, member);
    }
}

namespace {

// Building changes only whole documents that this Json was made with, never what parse() gave to
// others by at(): those name an inner node.
Value* object_root(Value& root, const void* node) {
    return node == &root && root.is_object() ? &root : nullptr;
}

Value* array_root(Value& root, const void* node) {
    return node == &root && root.is_array() ? &root : nullptr;
}

}  // namespace

Json& Json::set(std::string_view name, std::string_view value) {
    if (!document_) *this = object();
    if (Value* root = object_root(document_->root, node_)) (*root)[std::string(name)] = value;
    return *this;
}

Json& Json::set(std::string_view name, double value) {
    if (!document_) *this = object();
    if (Value* root = object_root(document_->root, node_)) (*root)[std::string(name)] = value;
    return *this;
}

Json& Json::set(std::string_view name, int64_t value) {
    if (!document_) *this = object();
    if (Value* root = object_root(document_->root, node_)) (*root)[std::string(name)] = value;
    return *this;
}

Json& Json::set(std::string_view name, bool value) {
    if (!document_) *this = object();
    if (Value* root = object_root(document_->root, node_)) (*root)[std::string(name)] = value;
    return *this;
}

Json& Json::set(std::string_view name, const Json& value) {
    Value copy = value_of(value.node_);
    if (!document_) *this = object();
    if (Value* root = object_root(document_->root, node_))
        (*root)[std::string(name)] = std::move(copy);
    return *this;
}

Json& Json::push(const Json& value) {
    Value copy = value_of(value.node_);
    if (!document_) *this = array();
    if (Value* root = array_root(document_->root, node_)) root->push_back(std::move(copy));
    return *this;
}

Json& Json::push(std::string_view value) {
    if (!document_) *this = array();
    if (Value* root = array_root(document_->root, node_)) root->push_back(value);
    return *this;
}

Json& Json::push(double value) {
    if (!document_) *this = array();
    if (Value* root = array_root(document_->root, node_)) root->push_back(value);
    return *this;
}

std::string Json::dump() const {
    return written(value_of(node_));
}

}  // namespace bw::sdk

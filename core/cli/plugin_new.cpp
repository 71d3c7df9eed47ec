// SPDX-License-Identifier: Apache-2.0
// beaconwall plugin new: a plugin that builds, from the templates below PREFIX/share.
#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include "core/base/paths.h"
#include "core/cli/commands.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxNameBytes = 32;

struct Part {
    const char* option;  // as written on the command line
    const char* file;    // of the templates folder
    const char* to;      // in the new folder; @NAME@ is replaced
};
constexpr Part kPanels[] = {{"cpp", "panel.cpp", "panel.cpp"}, {"c", "panel.c", "panel.c"}};
constexpr Part kServices[] = {{"cpp", "service.cpp", "service.cpp"},
                              {"python", "service.py", "@NAME@-service"}};

template <size_t N>
const Part* part_of(const Part (&parts)[N], const std::string& option) {
    for (const Part& part : parts)
        if (option == part.option) return &part;
    return nullptr;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

/// "river-gauge" is River gauge to people.
std::string title_of(std::string name) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
    if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
        name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return name;
}

/// Event types have no '-' in their words here, so that they read as the plugin's name does.
std::string type_of(const std::string& name) {
    return "com.example." + name + ".reading.v1";
}

class NewPlugin {
  public:
    explicit NewPlugin(const NewOptions& options)
        : options_(options),
          panel_(part_of(kPanels, options.panel)),
          service_(part_of(kServices, options.service)),
          templates_(base::install_prefix() / "share/beaconwall/templates") {}

    /// A sentence why not; empty: it is there.
    std::string make() {
        std::error_code error;
        if (!fs::exists(templates_ / "panel.cpp", error))
            return fmt::format("no templates in {}: this installation is not whole",
                               templates_.string());
        fs::create_directories(options_.folder, error);
        if (error) return fmt::format("{}: {}", options_.folder.string(), error.message());
        std::string fault = put("plugin.toml", manifest());
        if (fault.empty()) fault = put("CMakeLists.txt", cmake());
        if (fault.empty()) fault = put("README.md", from_template("README.md"));
        for (const Part* part : {panel_, service_})
            if (fault.empty() && part != nullptr)
                fault = put(filled(part->to), from_template(part->file));
        if (fault.empty() && service_ != nullptr)
            fault = put("schemas/" + type_of(options_.name) + ".json", from_template("event.json"));
        if (fault.empty() && panel_ != nullptr)
            fault = put("schemas/settings/main.json", from_template("settings.json"));
        if (fault.empty() && service_ != nullptr && options_.service == "python")
            fs::permissions(options_.folder / filled(service_->to),
                            fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                            fs::perm_options::add, error);
        return fault;
    }

  private:
    [[nodiscard]] std::string filled(const std::string& text) const {
        std::string out = replaced(text, "@NAME@", options_.name);
        out = replaced(out, "@TYPE@", type_of(options_.name));
        return replaced(out, "@TITLE@", title_of(options_.name));
    }
    [[nodiscard]] std::string from_template(const char* file) const {
        std::ifstream in(templates_ / file);
        std::ostringstream text;
        text << in.rdbuf();
        return filled(text.str());
    }
    [[nodiscard]] std::string put(const std::string& name, const std::string& text) const {
        std::error_code error;
        fs::create_directories((options_.folder / name).parent_path(), error);
        std::ofstream out(options_.folder / name);
        out << text;
        out.close();
        return out ? "" : fmt::format("{} cannot be written", (options_.folder / name).string());
    }
    [[nodiscard]] std::string manifest() const {
        std::string text = from_template("plugin.toml");
        if (panel_ != nullptr)
            text += filled("\nlibrary = \"@NAME@.so\"\nsubscribes = [\"@TYPE@\"]\n");
        if (service_ != nullptr)
            text +=
                filled("\nservice = \"@NAME@-service\"\npublishes = [\"@TYPE@\"]\nnetwork = []\n");
        if (panel_ != nullptr)
            text += filled(
                "\n[[panel]]\nid = \"main\"\ntitle = { zh = \"@TITLE@\", en = \"@TITLE@\" }\n");
        return text;
    }
    [[nodiscard]] std::string cmake() const {
        const bool plain = options_.panel == "c", python = options_.service == "python";
        const bool cpp = (panel_ != nullptr && !plain) || (service_ != nullptr && !python);
        std::string parts;
        if (panel_ != nullptr) parts += plain ? "\n  PANEL panel.c PLAIN" : "\n  PANEL panel.cpp";
        if (service_ != nullptr)
            parts += python ? "\n  ASSETS @NAME@-service" : "\n  SERVICE service.cpp";
        return filled(
            fmt::format("cmake_minimum_required(VERSION 3.25)\n"
                        "project(@NAME@ VERSION 0.1.0 LANGUAGES {})\n"
                        "find_package(beaconwall 0.1 REQUIRED)\n"
                        "beaconwall_add_plugin(@NAME@{})\n",
                        cpp ? "C CXX" : "C", parts));
    }

    const NewOptions& options_;
    const Part* panel_;
    const Part* service_;
    fs::path templates_;
};

bool is_name(const std::string& name) {
    if (name.empty() || name.size() > kMaxNameBytes || name[0] < 'a' || name[0] > 'z') return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string fault_of(const NewOptions& options) {
    if (!is_name(options.name))
        return fmt::format(
            "found the name \"{}\"; allowed: at most {} of a-z, 0-9, _ and -, beginning with a "
            "letter",
            options.name, kMaxNameBytes);
    if (options.panel == "none" && options.service == "none")
        return "found neither a panel nor a service; a plugin has at least one";
    std::error_code error;
    if (fs::exists(options.folder, error) && !fs::is_empty(options.folder, error))
        return fmt::format("found files in {}; allowed: a folder that is new or empty",
                           options.folder.string());
    return {};
}

}  // namespace

int plugin_new(const NewOptions& options) {
    std::string fault = fault_of(options);
    if (fault.empty()) fault = NewPlugin(options).make();
    if (!fault.empty()) {
        fmt::print(stderr, "{}\n", fault);
        return Exit::refused;
    }
    const std::string prefix = base::install_prefix().string(), folder = options.folder.string();
    fmt::print("{} is in {}. Now:\n\n", options.name, folder);
    fmt::print("  cmake -S {0} -B {0}/build -DCMAKE_PREFIX_PATH={1}\n", folder, prefix);
    fmt::print("  cmake --build {}/build\n", folder);
    fmt::print("  {}/bin/beaconwall plugin check {}/build/{}\n", prefix, folder, options.name);
    fmt::print("  {}/bin/beaconwall plugin install {}/build/{}\n", prefix, folder, options.name);
    return Exit::done;
}

}  // namespace bw::cli

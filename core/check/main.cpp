// SPDX-License-Identifier: Apache-2.0
// beaconwall-check FOLDER… [--only RULE] [--json] [--seed N] [--rounds N] [--reproduce SEED]
// [--events FILE] [--no-sandbox] [--memcheck] [--rules]: what `beaconwall plugin check` runs.
// beaconwall-check FOLDER --panel ID [--picture OUT.png] [--compare APPROVED.png] [--events FILE]
// [--size WxH] [--scale PIXELS] [--language zh|en]: `beaconwall plugin picture`.
// Exits 0, 1 when a rule fails, 2 for a wrong word.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "core/base/paths.h"
#include "core/base/shm.h"
#include "core/check/bench.h"
#include "core/check/picture.h"
#include "core/check/report.h"
#include "core/check/words.h"
#include "core/config/readers.h"
#include "core/events/json.h"

extern char** environ;  // NOLINT

namespace bw::check {
namespace {

namespace fs = std::filesystem;

int run_program(std::vector<std::string> words, int* status) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ);
    if (error == 0) waitpid(pid, status, 0);
    return error;
}

base::Result<base::Mapping> sealed_copy(int file) {
    const off_t size = lseek(file, 0, SEEK_END);
    if (size <= 0) return base::errno_error("the glyph atlas");
    auto memory = base::make_sealed_memfd("bw-glyphs", static_cast<uint64_t>(size));
    if (!memory) return memory.error();
    auto map = base::Mapping::map(memory->get(), 0, base::Access::read_write);
    if (!map) return map.error();
    for (off_t at = 0; at < size;) {
        const ssize_t got = pread(file, map->data() + at, static_cast<size_t>(size - at), at);
        if (got <= 0) return base::errno_error("the glyph atlas");
        at += got;
    }
    return base::Mapping::map(memory->get(), 0, base::Access::read_only);
}

/// The glyph atlas, baked for `scale` pixels a unit, mapped as panels get it.
base::Result<base::Mapping> bake_glyphs(float scale) {
    std::string pattern = (fs::temp_directory_path() / "bw-glyphs-XXXXXX").string();
    const base::UniqueFd file(mkostemp(pattern.data(), O_CLOEXEC));
    if (!file.valid()) return base::errno_error(pattern);
    int status = 0;
    const int error = run_program(
        {base::role_program("glyphs").string(), pattern, fmt::format("{}", scale)}, &status);
    // The program may have put another file in its place.
    const base::UniqueFd baked(open(pattern.c_str(), O_RDONLY | O_CLOEXEC));
    unlink(pattern.c_str());
    if (error != 0 || status != 0 || !baked.valid())
        return base::Error{"system", "the glyph atlas cannot be baked"};
    return sealed_copy(baked.get());
}

/// The events as texts: one a line, or the one document of `ctl events --json`.
std::vector<std::string> event_texts(const fs::path& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::string> out;
    if (nlohmann::json document; events::read_json(text, document) && document.contains("events")) {
        for (const auto& event : document["events"]) out.push_back(event.dump());
        return out;
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) out.push_back(line);
    return out;
}

/// Nothing, with a line on stderr, if the file holds no events.
std::optional<std::vector<events::Event>> read_events(const fs::path& path) {
    std::vector<events::Event> events;
    if (path.empty()) return events;
    for (const std::string& text : event_texts(path)) {
        auto event = events::parse_event(text);
        if (!event) {
            fmt::print(stderr, "{}, event {}: {}\n", path.string(), events.size() + 1,
                       event.error().text);
            return std::nullopt;
        }
        events.push_back(std::move(*event));
    }
    if (!events.empty()) return events;
    fmt::print(stderr, "{}: no events; `ctl events --json` on a wall gives some\n", path.string());
    return std::nullopt;
}

/// A memory checker needs calls and memory that a closed-in process may not have.
Finding memcheck(const Subject& subject) {
    int status = 0;
    const std::string self = base::role_program("check").string();
    const int error =
        run_program({"valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
                     "--errors-for-leak-kinds=definite", self, "--in-process", "--only",
                     "panel.languages", subject.plugin.folder.string()},
                    &status);
    if (error != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        return {Verdict::skipped, "valgrind is not installed", "apt-get install valgrind"};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return {Verdict::pass, "nothing lost, nothing touched that is not its own", {}};
    return {Verdict::fail, "valgrind found faults: they stand above", "mend the first one first"};
}

bool applies(const Rule& rule, const config::Plugin& plugin) {
    if (rule.of == Rule::Of::panel) return !plugin.library.empty();
    if (rule.of == Rule::Of::service) return !plugin.service.empty();
    return true;
}

bool wanted(const Wish& wish, const char* id) {
    return wish.only.empty() || std::count(wish.only.begin(), wish.only.end(), id) != 0;
}

void check_one(const fs::path& folder, const Wish& wish, Subject subject,
               std::vector<Line>& lines) {
    std::error_code error;
    const fs::path whole = fs::canonical(folder, error);
    std::vector<config::Fault> faults;
    auto plugin = config::read_plugin(error ? folder : whole, faults);
    const std::string name = plugin ? plugin->name : folder.filename().string();
    for (const config::Fault& fault : faults)
        lines.push_back(
            {name,
             "manifest.valid",
             {Verdict::fail, config::to_string(fault), "docs/faults.md has each number"}});
    if (!plugin) return;
    subject.plugin = std::move(*plugin);
    lines.push_back(
        {name, "manifest.valid", {Verdict::pass, "version " + subject.plugin.version, {}}});
    for (const Rule& rule : all_rules()) {
        if (!applies(rule, subject.plugin) || !wanted(wish, rule.id)) continue;
        lines.push_back(
            {name, rule.id,
             wish.in_process ? rule.run(subject) : run_apart(rule, subject, {wish.sandbox})});
    }
    if (wish.memcheck && !subject.plugin.library.empty())
        lines.push_back({name, "panel.memory", memcheck(subject)});
}

int picture_of(const Wish& wish, Subject& subject) {
    std::error_code error;
    std::vector<config::Fault> faults;
    auto plugin = config::read_plugin(fs::canonical(wish.folders.front(), error), faults);
    for (const config::Fault& fault : faults) fmt::print(stderr, "{}\n", config::to_string(fault));
    if (!plugin) return 1;
    subject.plugin = std::move(*plugin);
    return make_picture(subject, wish.picture);
}

int run(int argc, char** argv) {
    Wish wish;
    if (!read_words(argc, argv, wish)) return 2;
    if (wish.list) {
        for (const Rule& rule : all_rules()) fmt::print("{:<20} {}\n", rule.id, rule.about);
        return 0;
    }
    const bool picture = !wish.picture.panel.empty();
    auto glyphs = bake_glyphs(picture ? wish.picture.size.scale : 1);
    if (!glyphs) {
        fmt::print(stderr, "plugin check: {}\n", glyphs.error().text);
        return 1;
    }
    Subject subject;
    subject.glyphs = {glyphs->data(), glyphs->size()};
    subject.seed = wish.seed;
    subject.rounds = wish.rounds;
    subject.told = wish.told;
    auto events = read_events(wish.events);
    if (!events) return 1;
    subject.events = std::move(*events);
    if (picture) return picture_of(wish, subject);
    std::vector<Line> lines;
    for (const fs::path& folder : wish.folders) check_one(folder, wish, subject, lines);
    if (wish.json)
        fmt::print("{}\n", to_json(lines));
    else if (!wish.in_process)
        print_table(lines);
    return any_bad(lines) ? 1 : 0;
}

}  // namespace
}  // namespace bw::check

int main(int argc, char** argv) {
    return bw::check::run(argc, argv);
}

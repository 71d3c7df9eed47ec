// SPDX-License-Identifier: Apache-2.0
#include "core/schema/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace bw::schema {

namespace fs = std::filesystem;

namespace {

base::Result<std::string> read_file(const fs::path& path) {
    std::error_code error;
    // Another kind of file could make the reader wait.
    if (!fs::is_regular_file(path, error)) return base::Error{"invalid", "this is no file"};
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxSchemaBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file && !file.eof()))
        return base::Error{"system", "this file cannot be read"};
    text.resize(static_cast<size_t>(file.gcount()));
    return text;
}

void read_each(const fs::path& folder, ByName& out, std::vector<FileFault>& faults) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".json") files.push_back(at->path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const auto text = read_file(file);
        if (!text) {
            faults.push_back({file, text.error().text});
            continue;
        }
        auto schema = Schema::compile(*text);
        if (schema)
            out[file.stem().string()] = std::move(*schema);
        else
            faults.push_back({file, schema.error().text});
    }
}

}  // namespace

Folder read_folder(const fs::path& folder) {
    Folder out;
    read_each(folder, out.events, out.faults);
    out.settings = read_settings(folder, out.faults);
    return out;
}

ByName read_settings(const fs::path& folder, std::vector<FileFault>& faults) {
    ByName out;
    read_each(folder / "settings", out, faults);
    return out;
}

}  // namespace bw::schema

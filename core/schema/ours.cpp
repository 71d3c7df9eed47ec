// SPDX-License-Identifier: Apache-2.0
#include "core/schema/ours.h"

namespace bw::schema {

ByName compile_ours(std::vector<FileFault>& faults) {
    ByName out;
    for (const OurFile& file : our_files()) {
        auto schema = Schema::compile(file.text);
        const std::string type(file.type);
        if (schema)
            out[type] = std::move(*schema);
        else
            faults.push_back({type + ".json", schema.error().text});
    }
    return out;
}

}  // namespace bw::schema

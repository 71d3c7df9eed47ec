// SPDX-License-Identifier: Apache-2.0
// The official test suite of JSON Schema, draft 4 (Debian: json-schema-test-suite): what compiles
// here gives its verdicts. It says so too when a newer RapidJSON comes to others.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/schema/schema.h"

namespace bw::schema {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kSuite = "/usr/share/json-schema-test-suite/tests/draft4";

json read(const fs::path& path) {
    std::ifstream file(path);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// With the bounds that we ask for beside some keywords; they change no verdict of the suite.
json bounded(json schema) {
    if (!schema.is_object()) return schema;
    if (schema.contains("uniqueItems")) schema["maxItems"] = 1000;
    if (schema.contains("pattern")) schema["maxLength"] = 4096;
    return schema;
}

TEST(Suite, VerdictsAreTheOfficialOnes) {
    if (!fs::exists(kSuite)) GTEST_SKIP() << "apt-get install json-schema-test-suite";
    int held = 0;
    for (const auto& file : fs::directory_iterator(kSuite)) {
        if (file.path().extension() != ".json") continue;
        for (const json& group : read(file.path())) {
            const auto schema = Schema::compile(bounded(group["schema"]).dump());
            if (!schema) continue;  // a keyword that is refused: schema_test.cpp
            for (const json& test : group["tests"]) {
                ++held;
                const auto fault = (*schema)->check(test["data"]);
                EXPECT_EQ(!fault, test["valid"].get<bool>())
                    << file.path() << ": " << group["description"] << ": " << test["description"]
                    << ": " << test["data"] << (fault ? fault->text("data") : "");
            }
        }
    }
    EXPECT_GT(held, 200);
}

}  // namespace
}  // namespace bw::schema

// SPDX-License-Identifier: Apache-2.0
// The site's file: what it means, and each way to get it wrong, with line and what is allowed.
#include "plugins/mqtt_bridge/maps.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace bw::mqtt_bridge {
namespace {

constexpr const char* kBroker = "[broker]\nhost = \"127.0.0.1\"\n";
constexpr const char* kIn =
    "[[in]]\ntopic = \"g/{station}\"\ntype = \"x.level.v1\"\nsubject = \"gauge/{station}\"\n";

std::vector<std::string> faults(const std::string& text, const std::string& folder = "/nowhere") {
    std::vector<std::string> out;
    (void)read_maps(text, "m.toml", folder, out);
    return out;
}

void expect_fault(const std::string& text, int line, const std::string& words) {
    const auto found = faults(text);
    ASSERT_EQ(found.size(), 1U) << text << (found.empty() ? "" : "\n" + found.back());
    EXPECT_EQ(found[0].rfind("m.toml:" + std::to_string(line) + ": ", 0), 0U) << found[0];
    EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
}

TEST(Maps, TheSmallestFileAndItsDefaults) {
    std::vector<std::string> found;
    const Maps maps = read_maps(std::string(kBroker) + kIn, "m.toml", "/nowhere", found);
    ASSERT_TRUE(found.empty()) << found[0];
    EXPECT_EQ(maps.broker.port, 1883);
    EXPECT_EQ(maps.broker.keep_alive_s, 60);
    ASSERT_EQ(maps.in.size(), 1U);
    EXPECT_EQ(maps.in[0].topic.filter(), "g/+");
    EXPECT_EQ(maps.in[0].form, Form::json);
    EXPECT_FALSE(maps.in[0].durable);
    EXPECT_FALSE(maps.in[0].retained);
}

TEST(Maps, EachFaultNamesItsLineAndWhatIsAllowed) {
    const std::string b = kBroker, i = kIn;
    expect_fault(i, 1, "no [broker]");
    expect_fault(b, 1, "neither [[in]] nor [[out]]");
    expect_fault("[broker]\n" + i, 1, "no `host`");
    expect_fault(b + "port = 70000\n" + i, 3, "1 to 65535");
    expect_fault(b + "speed = 1\n" + i, 3, "unknown key `speed`");
    expect_fault(b + "port = \"x\"\n" + i, 3, "a whole number");
    expect_fault(b + "ca = \"none.pem\"\n" + i, 3, "no file /nowhere/none.pem");
    expect_fault(b + "ca = \"\"\n" + i, 3, "found \"\" as `ca`");
    expect_fault(b + "ca = \"/etc/passwd\"\ncertificate = \"/etc/passwd\"\n" + i, 4,
                 "both or none");
    expect_fault(b + i + "payload = \"xml\"\n", 7, "\"json\", \"number\", \"senml\"");
    expect_fault(b + i + "qos = 2\n", 7, "0 to 1");
    expect_fault(b + i + "fields = { a = \"b\" }\n", 7, "JSON pointer");
    expect_fault(b + i + "payload = \"number\"\nfields = { a = \"b\" }\n", 8, "\"value\"");
    expect_fault(b + i + "payload = \"number\"\ntime = \"/t\"\n", 8, "payload = \"json\"");
    expect_fault(b + i + "constants = 3\n", 7, "a table");
    expect_fault(b + "[[in]]\ntopic = \"g/#/x\"\ntype = \"x.a\"\nsubject = \"s\"\n", 4,
                 "at the end");
    expect_fault(b + "[[in]]\ntopic = \"g\"\ntype = \"X y\"\nsubject = \"s\"\n", 5,
                 "an event type");
    expect_fault(b + "[[in]]\ntopic = \"g\"\ntype = \"x.a\"\nsubject = \"{s}\"\n", 6,
                 "names nothing");
    expect_fault(b + "[[out]]\ntype = \"x.a\"\ntopic = \"a/+\"\n", 5, "wildcard");
    expect_fault(b + "[[out]]\ntype = \"x.a\"\ntopic = \"a/{when}\"\n", 5, "{id}");
    expect_fault(b + "[[out]]\ntype = \"x.a\"\ntopic = \"a\"\nlane = \"durable\"\nqos = 0\n", 7,
                 "acknowledges");
    expect_fault(b + "[[out]]\ntype = \"x.a\"\ntopic = \"a\"\npayload = \"senml\"\n", 3,
                 "`fields`");
    expect_fault(b + "[[out]]\ntype = \"x.a\"\ntopic = \"a\"\nunits = { a = \"m\" }\n", 3, "senml");
    expect_fault("[broker\n", 1, "no TOML");
}

TEST(Maps, APasswordIsItsOwnersAlone) {
    std::string folder = (std::filesystem::temp_directory_path() / "bw-maps-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::string file = folder + "/pw";
    std::ofstream(file) << "s3cret\nmore\n";
    const std::string text = std::string(kBroker) + "user = \"u\"\npassword_file = \"pw\"\n" + kIn;
    ASSERT_EQ(chmod(file.c_str(), 0644), 0);
    const auto open = faults(text, folder);
    ASSERT_EQ(open.size(), 1U);
    EXPECT_NE(open[0].find("chmod 600"), std::string::npos);
    EXPECT_EQ(open[0].find("s3cret"), std::string::npos);
    ASSERT_EQ(chmod(file.c_str(), 0600), 0);
    std::vector<std::string> found;
    EXPECT_EQ(read_maps(text, "m.toml", folder, found).broker.password, "s3cret");
    EXPECT_TRUE(found.empty());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace bw::mqtt_bridge

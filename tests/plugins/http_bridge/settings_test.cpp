// SPDX-License-Identifier: Apache-2.0
// The site's file, and who may come in by the headers alone.
#include <gtest/gtest.h>

#include "plugins/http_bridge/gate.h"
#include "plugins/http_bridge/web_settings.h"

namespace bw::http_bridge {
namespace {

void expect_fault(const std::string& text, int line, const std::string& words) {
    std::vector<std::string> faults;
    (void)read_settings(text, "h.toml", "/nowhere", faults);
    ASSERT_EQ(faults.size(), 1U) << text << (faults.empty() ? "" : "\n" + faults.back());
    EXPECT_EQ(faults[0].rfind("h.toml:" + std::to_string(line) + ": ", 0), 0U) << faults[0];
    EXPECT_NE(faults[0].find(words), std::string::npos) << faults[0];
}

TEST(WebSettings, EachFaultNamesItsLineAndWhatIsAllowed) {
    expect_fault("", 1, "neither [listen] nor [[out]]");
    expect_fault("[listen]\naddress = \"here\"\n", 2, "an address");
    expect_fault("[listen]\naddress = \"0.0.0.0\"\n", 1, "token_file");
    expect_fault("[listen]\nport = 0\n", 2, "1 to 65535");
    expect_fault("[listen]\npath = \"events\"\n", 2, "/events");
    expect_fault("[listen]\nlane = \"fast\"\n", 2, "\"durable\", \"telemetry\"");
    expect_fault("[listen]\ncolour = 1\n", 2, "unknown key");
    expect_fault("[listen]\ntoken_file = \"none\"\n", 2, "no file");
    expect_fault("[listen]\naddress = \"0.0.0.0\"\ntoken_file = \"\"\n", 3, "`token_file`");
    expect_fault("ca = \"/dev/null\"\n[listen]\n", 1, "no file /dev/null");
    expect_fault("[[out]]\nurl = \"http://h/\"\n", 1, "no `type`");
    for (const char* url : {"ftp://h/", "h", "http://", "http://u:p@h/", "/x"})
        expect_fault(std::string("[[out]]\ntype = \"x.a\"\nurl = \"") + url + "\"\n", 3, "http://");
}

TEST(WebSettings, TheSmallestFileListensOnLoopbackForThisMachineAlone) {
    std::vector<std::string> faults;
    const auto settings = read_settings("[listen]\n", "h.toml", "/nowhere", faults);
    ASSERT_TRUE(faults.empty()) << faults[0];
    EXPECT_EQ(settings.listen.address, "127.0.0.1");
    EXPECT_TRUE(settings.listen.durable);
    EXPECT_TRUE(is_loopback("::1"));
    EXPECT_FALSE(is_loopback("192.0.2.7"));
}

Asked post() {
    Asked asked;
    asked.method = "POST";
    asked.path = "/events";
    asked.length = 10;
    return asked;
}

int status(Gate& gate, const Asked& asked, int waiting = 0, int64_t now_ns = 1'000'000'000) {
    const auto refusal = gate.check(asked, waiting, now_ns);
    return refusal ? refusal->status : 0;
}

TEST(Gate, LooksAtPathMethodLengthAndEncoding) {
    Listen listen;
    Gate gate(listen);
    EXPECT_EQ(status(gate, post()), 0);
    auto asked = post();
    asked.path = "/other";
    EXPECT_EQ(status(gate, asked), 404);
    asked = post();
    asked.method = "GET";
    EXPECT_EQ(status(gate, asked), 405);
    asked = post();
    asked.length = -1;
    EXPECT_EQ(status(gate, asked), 411);
    asked.length = kMostBodyBytes + 1;
    EXPECT_EQ(status(gate, asked), 413);
    asked = post();
    asked.content_encoding = "gzip";
    EXPECT_EQ(status(gate, asked), 415);
    asked = post();
    asked.origin = "http://evil.example";
    EXPECT_EQ(status(gate, asked), 403) << "a web page";
    EXPECT_EQ(status(gate, post(), kMostAtOnce), 429);
}

TEST(Gate, ATokenIsAskedForWhereThereIsOne) {
    Listen listen;
    listen.token = "0123456789abcdef";
    Gate gate(listen);
    auto asked = post();
    EXPECT_EQ(status(gate, asked), 401);
    for (const char* wrong : {"Bearer 0123456789abcdeX", "Bearer 0123456789abcde", "Bearer ",
                              "Basic 0123456789abcdef", "0123456789abcdef"}) {
        asked.authorization = wrong;
        EXPECT_EQ(status(gate, asked), 401) << wrong;
    }
    asked.authorization = "Bearer 0123456789abcdef";
    EXPECT_EQ(status(gate, asked), 0);
}

TEST(Gate, TheRateIsBoundAndComesBack) {
    Listen listen;
    listen.requests_per_minute = 60;
    Gate gate(listen);
    int let_in = 0;
    for (int i = 0; i < 100; ++i) let_in += status(gate, post()) == 0 ? 1 : 0;
    EXPECT_EQ(let_in, 10);
    EXPECT_EQ(status(gate, post(), 0, 3'000'000'000), 0);
    EXPECT_EQ(status(gate, post(), 0, 3'000'000'000), 0);
    EXPECT_EQ(status(gate, post(), 0, 3'000'000'000), 429);
}

TEST(Webhook, OnlyOriginsThatAreNamedMayRegister) {
    Listen listen;
    EXPECT_EQ(allowed_origin(listen, "a.example"), "a.example");
    EXPECT_EQ(allowed_origin(listen, ""), "");
    listen.origins = {"b.example"};
    EXPECT_EQ(allowed_origin(listen, "a.example"), "");
    EXPECT_EQ(allowed_origin(listen, "b.example"), "b.example");
}

}  // namespace
}  // namespace bw::http_bridge

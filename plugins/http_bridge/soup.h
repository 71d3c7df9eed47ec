// SPDX-License-Identifier: Apache-2.0
// What the server and the client both use of GLib and libsoup.
#pragma once

#include <functional>
#include <string>

struct _GError;
struct _GMainContext;
struct _SoupMessageHeaders;

namespace bw::http_bridge {

/// All values of that header, in one; empty: it is not there.
std::string header(_SoupMessageHeaders* headers, const char* name);
/// What it says; it is freed.
std::string taken(_GError* error);
/// Runs `task` on the context's thread, once. Any thread.
void invoke(_GMainContext* context, std::function<void()> task);

}  // namespace bw::http_bridge

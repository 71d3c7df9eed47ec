// SPDX-License-Identifier: Apache-2.0
#include "soup.h"

#include <libsoup/soup.h>

namespace bw::http_bridge {

std::string header(SoupMessageHeaders* headers, const char* name) {
    const char* value = soup_message_headers_get_list(headers, name);
    return value == nullptr ? std::string() : std::string(value);
}

std::string taken(GError* error) {
    std::string text = error == nullptr ? "unknown" : error->message;
    g_clear_error(&error);
    return text;
}

void invoke(GMainContext* context, std::function<void()> task) {
    GSource* source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            (*static_cast<std::function<void()>*>(data))();
            return G_SOURCE_REMOVE;
        },
        new std::function<void()>(std::move(task)),
        [](gpointer data) { delete static_cast<std::function<void()>*>(data); });
    g_source_attach(source, context);
    g_source_unref(source);
}

}  // namespace bw::http_bridge

// SPDX-License-Identifier: Apache-2.0
// `sources` of a pane: a query, and the cells that its cameras fill page by page.
#include "core/config/layout_readers.h"

namespace bw::config {
namespace {

constexpr Range kCells{1, 16};
constexpr Range kPageSeconds{2, 3600};
constexpr uint32_t kPageS = 12;  // as a panel's pages

}  // namespace

SourceGrid read_sources(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "`sources`");
    SourceGrid sources;
    sources.query.kind = table.string("kind");
    sources.query.town = table.string("town");
    sources.query.owner = table.name("owner", Need::optional);
    check_owner(sources.query.owner, table.place_of("owner"), report, known);
    sources.query.id_prefix = table.name("id_prefix", Need::optional);
    if (!sources.query.id_prefix.empty())
        sources.query.id_prefix = "camera/" + sources.query.id_prefix;
    sources.columns = static_cast<uint32_t>(table.integer("columns", kCells, 1, Need::required));
    sources.rows = static_cast<uint32_t>(table.integer("rows", kCells, 1, Need::required));
    sources.page_s = static_cast<uint32_t>(table.integer("page_s", kPageSeconds, kPageS));
    table.finish();
    return sources;
}

}  // namespace bw::config

// @TITLE@: the newest reading, large, and the others in a table. A panel keeps nothing that events
// cannot give back.
#include <beaconwall/sdk/format.h>
#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/table.h>
#include <beaconwall/sdk/ui.h>

#include <string>

using namespace bw::sdk;

namespace {

struct Reading {
    std::string name;
    double value = 0;
    std::string unit;
};

class Main : public Panel {
  public:
    void start() override { subscribe("@TYPE@/"); }

    bool event(const Event& event) override {
        readings_.put(event, [&] {
            const Json& data = event.data();
            return Reading{data.text_in("name", language(), event.id()), data.number("value"),
                           data.text("unit")};
        });
        return true;
    }

    void draw(Ui& ui) override {
        Rect area = ui.bounds().inset(u(8));
        ui.header(area, {.title = "@TITLE@", .oldest_ns = readings_.oldest_ns()});
        if (readings_.empty()) return ui.empty(area, tr("暂无数据", "No readings yet"));
        const Reading& first = readings_.begin()->second.value;
        const std::string value = number_text(first.value, 2);
        ui.big_number(area.cut_top(u(130), u(8)),
                      {.value = value, .unit = first.unit, .label = first.name});
        ui.table(area, table());
    }

  private:
    Table table() {
        Table table{.columns = {{std::string(tr("测点", "Station")), 2},
                                {std::string(tr("数值", "Value")), 1, 0, Align::right},
                                {std::string(tr("单位", "Unit"))}}};
        for (const auto& [id, entry] : readings_)
            table.rows.push_back(
                {{entry.value.name, number_text(entry.value.value, 2), entry.value.unit}});
        return table;
    }

    Records<Reading> readings_;
};

}  // namespace

BW_PANEL_PLUGIN({"main", make<Main>})

// SPDX-License-Identifier: Apache-2.0
// A panel is a class. A whole plugin library:
//
//     #include <beaconwall/sdk/panel.h>
//     #include <beaconwall/sdk/ui.h>
//     using namespace bw::sdk;
//
//     class Board : public Panel {
//         void start() override { subscribe("beaconwall.flood.gauge.v1/"); }
//         bool event(const Event& event) override {
//             gauges_.put(event, [&] { return Gauge{event.data().number("level_m")}; });
//             return true;
//         }
//         void draw(Ui& ui) override {
//             Rect area = ui.bounds();
//             ui.header(area, {.title = tr("水位", "Water level")});
//             …
//         }
//         Records<Gauge> gauges_;
//     };
//     BW_PANEL_PLUGIN({"board", make<Board>}, {"basin", make<Basin>})
//
// Thread: everything runs on the host's one thread. Exceptions never leave the panel: they are
// logged and the picture stays as it was.
#pragma once

#include <beaconwall/panel.h>
#include <beaconwall/sdk/json.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bw::sdk {

class Ui;

/// What happened, valid during the call that hands it over. All views are UTF-8.
class Event {
  public:
    std::string_view type;     // "beaconwall.flood.gauge.v1"
    std::string_view subject;  // "gauge/SYN-G01"
    std::string_view source;   // "service:flood_gauges"
    std::string_view time;     // RFC 3339: when it was true in the field
    std::string_view text;     // the data as JSON text
    uint64_t sequence = 0;
    uint64_t revision = 0;   // records only, else 0
    bool tombstone = false;  // the record is gone
    bool replayed = false;   // part of a snapshot

    /// The data, parsed at the first call.
    [[nodiscard]] const Json& data() const;
    /// "SYN-G01" of "gauge/SYN-G01"; the whole subject if it has no '/'.
    [[nodiscard]] std::string_view id() const;
    /// `time` in ns since 1970; 0 if it cannot be read.
    [[nodiscard]] int64_t time_ns() const;

  private:
    mutable bool parsed_ = false;
    mutable Json data_;
};

enum class InputKind {
    move = BW_INPUT_MOVE,
    press = BW_INPUT_PRESS,
    release = BW_INPUT_RELEASE,
    scroll = BW_INPUT_SCROLL,
    leave = BW_INPUT_LEAVE
};
struct Input {
    InputKind kind = InputKind::move;
    uint32_t button = 0;  // 1 left, 2 right, 3 middle
    float x = 0, y = 0;   // pixels of the panel
    float wheel = 0;
};

/// The newest value per subject, with the field time it was true at: what nearly every panel keeps.
/// Tombstones take the value away. Iterates in order of subject ids.
template <class T>
class Records {
  public:
    struct Entry {
        T value;
        int64_t time_ns = 0;
    };
    /// `make` reads the event's data; not called for a tombstone.
    template <class Make>
    void put(const Event& event, Make make) {
        std::string id(event.id());
        if (event.tombstone) {
            entries_.erase(id);
        } else {
            entries_.insert_or_assign(id, Entry{make(), event.time_ns()});
        }
    }
    [[nodiscard]] const Entry* find(std::string_view id) const {
        auto it = entries_.find(id);
        return it == entries_.end() ? nullptr : &it->second;
    }
    [[nodiscard]] size_t size() const { return entries_.size(); }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] auto begin() const { return entries_.begin(); }
    [[nodiscard]] auto end() const { return entries_.end(); }
    /// Field time of the oldest value; 0 if there is none. For the header line.
    [[nodiscard]] int64_t oldest_ns() const {
        int64_t oldest = 0;
        for (const auto& [id, entry] : entries_) {
            if (entry.time_ns != 0 && (oldest == 0 || entry.time_ns < oldest))
                oldest = entry.time_ns;
        }
        return oldest;
    }

  private:
    std::map<std::string, Entry, std::less<>> entries_;
};

class Panel {
  public:
    Panel();
    virtual ~Panel();
    Panel(const Panel&) = delete;
    Panel& operator=(const Panel&) = delete;

    // ---- what a panel overrides ----
    /// Once, when size, settings, language and view are known: subscribe here.
    virtual void start() {}
    /// Any of them changed, also right after start().
    virtual void configured() {}
    /// An event of a subscribed type. True: the picture may have changed, draw() is wanted.
    virtual bool event(const Event& event) = 0;
    /// The pointer. True: as above.
    virtual bool input(const Input&) { return false; }
    /// The whole picture, from scratch, on a background of token::tile. Called only with cause.
    virtual void draw(Ui& ui) = 0;

    // ---- what a panel knows ----
    [[nodiscard]] const std::string& pane() const;      // the pane's id
    [[nodiscard]] const Json& settings() const;         // from the layout
    [[nodiscard]] const std::string& language() const;  // "zh" or "en"
    [[nodiscard]] bool chinese() const;
    /// The one of the wall's language.
    [[nodiscard]] std::string_view tr(std::string_view zh, std::string_view en) const {
        return chinese() ? zh : en;
    }
    /// The pane's view record (page, selection…), {} at first; comes back after a restart.
    [[nodiscard]] const Json& view() const;
    [[nodiscard]] float width() const;   // pixels
    [[nodiscard]] float height() const;  // pixels
    /// Pixels per logical unit (one minute of arc at the farthest reader).
    [[nodiscard]] float scale() const;
    /// Pixels of `units`: nobody types pixel sizes.
    [[nodiscard]] float u(float units) const { return units * scale(); }
    /// The wall clock of the pane's space, ns since 1970: compare it with Event::time_ns().
    [[nodiscard]] int64_t now_ns() const;
    [[nodiscard]] int64_t mono_ns() const;

    // ---- what a panel does ----
    /// Prefix of "type/subject", ending in '.' or '/', or whole. A snapshot comes first.
    void subscribe(std::string_view prefix);
    /// Only within 2 s of a press on the pane, and only types that the manifest names.
    void command(std::string_view type, std::string_view subject, const Json& data);
    /// At most 4096 bytes.
    void save_view(const Json& view);
    /// draw() is wanted after this many seconds even if nothing happens; the earliest wins. Counts
    /// anew with every draw(). Ui widgets (ages, pages) ask by themselves.
    void redraw_in(double seconds);
    void log_info(std::string_view text) const;
    void log_warning(std::string_view text) const;

    struct State;
    /// The SDK's own; not for panels.
    [[nodiscard]] State& state() { return *state_; }
    [[nodiscard]] const State& state() const { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

template <class T>
std::unique_ptr<Panel> make() {
    return std::make_unique<T>();
}

/// One panel of the library: its id as in "PLUGIN/ID", and how to make one.
struct PanelClass {
    const char* id;
    std::unique_ptr<Panel> (*make)();
};

namespace detail {
void register_panels(std::initializer_list<PanelClass> classes);
bool init(const bw_host_t* host) noexcept;
void deinit() noexcept;
bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) noexcept;
}  // namespace detail

}  // namespace bw::sdk

/// Defines the library's one exported symbol. Once, at namespace scope:
///     BW_PANEL_PLUGIN({"board", bw::sdk::make<Board>}, {"basin", bw::sdk::make<Basin>})
#define BW_PANEL_PLUGIN(...)                             \
    static bool bw_panel_init(const bw_host_t* host) {   \
        bw::sdk::detail::register_panels({__VA_ARGS__}); \
        return bw::sdk::detail::init(host);              \
    }                                                    \
    extern "C" __attribute__((visibility("default")))    \
    const bw_panel_entry_t beaconwall_panel_entry = {    \
        BW_ABI_VERSION, bw_panel_init, bw::sdk::detail::deinit, bw::sdk::detail::create};

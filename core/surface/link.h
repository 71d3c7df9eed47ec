// SPDX-License-Identifier: Apache-2.0
// Both ends of a surface link over core/surface/layout.h. One thread owns a link end, but for the
// slot functions of a media surface, which its decode thread calls: Producer::Writer may be used by
// one thread per surface.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/shm.h"
#include "core/base/unique_fd.h"
#include "core/surface/draw_list.h"
#include "core/surface/layout.h"
#include "core/surface/textures.h"

namespace bw::surface {

/// What the supervisor makes for a link: two socket ends, one arena, one control page.
struct LinkFds {
    base::UniqueFd producer_socket, consumer_socket, arena, page;
};
base::Result<LinkFds> make_link(uint64_t arena_bytes);

struct Received {
    MessageHeader header;
    std::vector<std::byte> body;
};

/// A `configure` message taken apart; "invalid" if it is none.
struct ConfigureRequest {
    Configure configure{};
    std::string json;
};
base::Result<ConfigureRequest> read_configure(const Received& received);

/// The producing end.
class Producer {
  public:
    static base::Result<std::unique_ptr<Producer>> open(base::UniqueFd socket, base::UniqueFd arena,
                                                        base::UniqueFd page);
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Next message from the consumer; "empty", "closed", "invalid". Calling it again after it gave
    /// a `release` tells the consumer that nobody writes that surface any more: stop its writer
    /// before, or defer() the answer.
    base::Result<Received> receive();
    /// A writer of the surface whose `release` was received last is still at work on another
    /// thread: the answer waits for confirm().
    void defer(uint32_t surface);
    /// Nobody writes that surface any more; the next receive() says so.
    void confirm(uint32_t surface) { to_confirm_.push_back(surface); }
    /// There is something that receive() has yet to say, though nothing comes in.
    [[nodiscard]] bool owes() const { return !to_confirm_.empty(); }
    base::Status send(Kind kind, uint32_t surface, int64_t value = 0, std::string_view body = {});

    /// Writes pictures of one configured surface. Valid until the surface is released or configured
    /// anew.
    class Writer {
      public:
        /// The region is checked against the arena: an error means the consumer broke the protocol.
        static base::Result<Writer> make(Producer& producer, uint32_t surface,
                                         const Configure& configure);
        [[nodiscard]] uint64_t payload_capacity() const { return capacity_ - kPayloadOffset; }
        /// True when the consumer took the last picture (or none was published): panels draw only
        /// then.
        [[nodiscard]] bool taken() const;
        /// taken(); if not, the consumer says `taken` when it is. Who does not ask is not woken.
        [[nodiscard]] bool taken_or_awaited() const;
        /// The slot that this producer owns now, and its payload area.
        [[nodiscard]] uint32_t slot() const { return own_; }
        [[nodiscard]] std::byte* payload() const;
        /// Fills in the header (magic, generation, number are set here) and publishes the slot;
        /// wait-free.
        void publish(SlotHeader header);
        [[nodiscard]] Block& block() const { return *block_; }
        [[nodiscard]] const Configure& configure() const { return configure_; }
        /// For this surface's Textures; null: the link has none.
        [[nodiscard]] TextureHeap* textures() const { return textures_; }

      private:
        std::byte* region_ = nullptr;
        Block* block_ = nullptr;
        uint64_t capacity_ = 0;
        uint32_t own_ = 0;
        uint64_t number_ = 0;
        Configure configure_{};
        TextureHeap* textures_ = nullptr;
    };

  private:
    Producer() = default;
    /// Where the texture heap begins, made at the first call; an error means that the consumer
    /// broke the protocol.
    base::Result<uint64_t> slots_end(uint32_t texture_pages);
    base::UniqueFd socket_;
    base::Mapping arena_, page_;
    std::unique_ptr<TextureHeap> textures_;
    std::vector<uint32_t> to_confirm_;  // surfaces whose `release` was handed to the caller
    friend class Writer;
};

/// A picture the consumer holds: valid until the next take() of that surface or its release; the
/// pixels may change under a hostile producer, the header is a copy and was validated against
/// capacity.
struct Picture {
    SlotHeader header{};
    bool awaited = false;  // the producer waits for `taken`
    const std::byte* payload = nullptr;
    std::span<const std::byte> textures = {};  // the link's heap
};

/// The consuming end: carves the arena, takes pictures.
class Consumer {
  public:
    /// `texture_bytes`: of the arena, for textures of the producer's own (kTextureHeapBytes for
    /// panels).
    static base::Result<std::unique_ptr<Consumer>> open(base::UniqueFd socket, base::UniqueFd arena,
                                                        base::UniqueFd page,
                                                        uint64_t texture_bytes = 0);
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Next message from the producer; "empty", "closed", "invalid".
    base::Result<Received> receive();
    /// What receive() does with one packet: nothing comes back for a message that is the link's
    /// own business (`released`). Error "invalid": the producer is hostile.
    base::Result<std::optional<Received>> read(std::span<const std::byte> packet);
    base::Status send(Kind kind, uint32_t surface, int64_t value = 0, std::string_view body = {});

    struct Wish {
        uint32_t width, height;
        float scale;
        SlotKind kind;
        uint64_t slot_bytes;  // 0: enough for width x height in `kind` (draw lists: 1 MiB)
        std::string json;     // see Kind::configure
    };
    /// Carves a region, resets its block and sends `configure`. Error "full": no room or no free
    /// number.
    base::Result<uint32_t> configure(const Wish& wish);
    /// Sends `release` and punches the region out; number and region are free again once the
    /// producer has answered (receive() sees to it), so that a late writer meets no successor.
    void release(uint32_t surface);
    /// The newest picture if one is fresh; nothing if not. Error "invalid": a broken header; the
    /// producer is hostile.
    base::Result<std::optional<Picture>> take(uint32_t surface);
    /// The producer's block, by value-reads only.
    [[nodiscard]] const Block& block(uint32_t surface) const;
    /// As after open(): no surfaces, numbers and generations from the start; nobody is told. Only
    /// for tests that let one producer after another at the same link: a new incarnation of a
    /// producer gets a new link.
    void restart();

  private:
    Consumer() = default;
    struct Region;
    enum class State : uint8_t;
    [[nodiscard]] State state_of(uint32_t surface) const;
    [[nodiscard]] std::optional<uint64_t> carve(uint64_t length) const;
    [[nodiscard]] std::optional<uint32_t> free_number() const;
    void punch(const Region& region);
    void retry_releases();
    void finish_release(uint32_t surface);
    base::UniqueFd socket_, arena_fd_;
    base::Mapping arena_, page_;
    uint64_t slots_end_ = 0;       // of the arena; textures begin here
    std::vector<Region> regions_;  // by surface number, up to the highest ever used
    uint32_t next_number_ = 0, generation_ = 0;

  public:
    ~Consumer();
};

/// Copies, then validates the copy; pixels of textures stay where they are. noexcept towards bad
/// input: every fault is an Error "invalid" that names the field. `reused`: its memory is used
/// again, so that a picture of the same size costs no page faults.
base::Result<DrawList> copy_draw_list(const Picture& picture, DrawList reused = {});
/// Writes a list into the writer's slot, with the surface's textures as they are now (those in the
/// list count for nothing), and publishes it; "full" when it does not fit.
base::Status publish_draw_list(Producer::Writer& writer, const DrawArrays& list,
                               int64_t captured_ns, Textures* textures = nullptr);

struct ReasonWords {
    const char* code;
    const char* zh;
    const char* en;
};
ReasonWords reason_words(Reason reason);
const char* source_state_word(SourceState state);

}  // namespace bw::surface

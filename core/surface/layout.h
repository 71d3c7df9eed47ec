// SPDX-License-Identifier: Apache-2.0
// Surfaces: what producers (panel, media; compositor for the mirror) and consumers (compositor;
// console) share, to the byte.
//
// One *link* joins one incarnation of a producer with one consumer: a SEQPACKET socket, a sparse
// sealed arena and a control page of kMaxSurfaces blocks. A new link is made whenever either end is
// replaced. The consumer carves the arena and owns surface numbers. Everything the producer writes
// is hostile to the consumer: copied out, validated, then used; pixels alone are used in place (a
// torn picture is a lie the producer tells about itself; it can hurt nobody).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bw::surface {

inline constexpr uint32_t kMaxSurfaces = 512;
/// Slots, and behind them the heap of the panels' own textures.
inline constexpr uint64_t kTextureHeapBytes = 512ull << 20;
inline constexpr uint64_t kPanelArenaBytes = (256ull << 20) + kTextureHeapBytes;
inline constexpr uint64_t kMediaArenaBytes = 4ull << 30;
inline constexpr uint64_t kMirrorArenaBytes = 128ull << 20;
inline constexpr uint32_t kSlots = 3;
inline constexpr uint64_t kSlotAlign = 4096;
inline constexpr uint32_t kMaxSide = 16384;  // of a picture, pixels

/// The atomic word of a surface. Bits 0-1: the middle slot; bit 2: fresh (the producer published it
/// and nobody took it); bit 3: the producer waits for that and wants to be told (`taken`); who
/// takes or publishes clears it. The producer owns one further slot, the consumer the third. Start:
/// producer 0, middle 1, consumer 2, not fresh.
inline constexpr uint32_t kSlotMask = 3;
inline constexpr uint32_t kFresh = 4;
inline constexpr uint32_t kAwaited = 8;

/// Why a producer has nothing better to show; told per surface so that a tile can say it with the
/// hub away.
enum class SourceState : uint32_t {
    none = 0,
    idle = 1,
    connecting = 2,
    waiting = 3,
    playing = 4,
    late = 5,
    frozen = 6,
    lost = 7,
    failed = 8,
    unauthorised = 9,
};

/// One surface's block in the control page. The producer writes all but `generation`, which the
/// consumer sets before `configure`.
struct alignas(64) Block {
    std::atomic<uint32_t> word;        // see kSlotMask, kFresh
    std::atomic<uint32_t> generation;  // of the configuration the consumer set; stale commits are
                                       // told by the slot header
    std::atomic<int64_t>
        as_of_ns;  // CLOCK_MONOTONIC up to which the producer vouches for the picture; 0: never yet
    std::atomic<int64_t> next_draw_ns;   // CLOCK_MONOTONIC when a panel wants to be asked again; 0:
                                         // only on an event or input
    std::atomic<uint64_t> commits;       // slots published since configure
    std::atomic<uint32_t> source_state;  // SourceState
    std::atomic<uint32_t> reason;        // Reason below
    std::atomic<int64_t> next_try_ns;    // CLOCK_MONOTONIC of the next rebuild; 0: none planned
    std::atomic<int64_t> beat_ns;        // CLOCK_MONOTONIC of the producer thread's last turn
};
static_assert(sizeof(Block) == 64);

/// Words for Reason stand in core/surface/reason.cpp (code, Chinese, English).
enum class Reason : uint32_t {
    none = 0,
    connect_failed = 1,
    not_found = 2,
    unauthorised = 3,
    stalled = 4,
    ended = 5,
    no_decoder = 6,
    bad_stream = 7,
    unknown_source = 8,
    panel_missing = 9,
    panel_failed = 10,
    bad_settings = 11,
    process_gone = 12,
    quarantined = 13,
    bad_address = 14,
    // What is not installed.
    need_plugins_base = 15,
    need_plugins_good = 16,
    need_plugins_bad = 17,
    need_libav = 18,
    unchanged = 19,     // pictures come, and all are the same
    need_wpe = 20,      // not installed, too
    panel_hung = 21,    // a call into the plugin does not come back
    no_recording = 22,  // a replay has no pictures of cameras
};

struct ControlPage {
    uint32_t magic = 0;  // kControlMagic
    uint32_t version = 1;
    std::byte reserved[56];
    Block blocks[kMaxSurfaces];
};
inline constexpr uint32_t kControlMagic = 0x42575331;  // "BWS1"

enum class SlotKind : uint32_t { draw_list = 1, rgba = 2, i420 = 3 };

/// Stands at the start of every slot; the payload follows at kPayloadOffset.
struct SlotHeader {
    uint32_t magic;  // kSlotMagic
    SlotKind kind;
    uint32_t generation;  // of the configure this picture was made for
    uint32_t width;       // pixels
    uint32_t height;
    uint32_t stride;  // bytes per row of RGBA, or of the Y plane (U and V: (stride + 1) / 2, height
                      // (h + 1) / 2)
    uint64_t bytes;   // of payload
    uint64_t number;  // grows by one per picture of this producer's surface
    int64_t captured_ns;  // CLOCK_MONOTONIC
    // draw_list only: counts of the arrays that follow in this order, each 8-byte aligned
    uint32_t vertices;  // Vertex
    uint32_t indices;   // uint32_t
    uint32_t commands;  // DrawCommand
    uint32_t videos;    // VideoCommand
    uint32_t matrix;  // i420 only: 1 BT.601, 2 BT.709, 3 and 4 the same in full range; 0: not known
    uint32_t textures;  // draw_list only, behind the videos: TextureRecord
    uint32_t reserved[6];
};
static_assert(sizeof(SlotHeader) == 96);
inline constexpr uint32_t kSlotMagic = 0x42575350;  // "BWSP"
inline constexpr uint64_t kPayloadOffset = 128;

/// Same bytes as ImDrawVert: position in surface pixels (origin top left), texture coordinates
/// 0..1, sRGB colour 0xAABBGGRR, straight (not premultiplied) alpha.
struct Vertex {
    float x, y, u, v;
    uint32_t rgba;
};
static_assert(sizeof(Vertex) == 20);

/// Triangles [first_index, first_index + count) of the list; texture 0 is the glyph atlas, any
/// other the id of a TextureRecord of the same list. A `video` ≥ 0 makes this a video command
/// instead: entry `video` of the VideoCommand array is drawn here, opaque, in order.
struct DrawCommand {
    float clip_x0, clip_y0, clip_x1, clip_y1;
    uint32_t texture;
    uint32_t first_index;
    uint32_t count;
    int32_t video;
};
static_assert(sizeof(DrawCommand) == 32);

enum class Fit : uint32_t { contain = 1, cover = 2, stretch = 3 };

/// A live source in a panel's picture, in whole surface pixels.
struct VideoCommand {
    int32_t x, y, width, height;
    Fit fit;
    uint32_t flags;   // bit 0: caption wanted (the compositor draws id and name)
    char source[64];  // "camera/FF-001", terminated
};
static_assert(sizeof(VideoCommand) == 88);

/// One of the panel's own textures as it is in this picture. Its pixels lie in the link's texture
/// heap, rows without gaps, four bytes each: red, green, blue, alpha, sRGB, straight alpha. The
/// producer leaves them alone for as long as a slot that the consumer may hold names them.
struct TextureRecord {
    uint32_t id;             // not 0; the surface's own
    uint32_t width, height;  // pixels
    uint32_t reserved;
    uint64_t version;  // of its pixels: another number, other pixels
    uint64_t offset;   // in the heap, kSlotAlign-aligned
};
static_assert(sizeof(TextureRecord) == 32);

// ---- Messages on the link's socket (SEQPACKET; header below, then `length` bytes of body)
// -------------------------------------

enum class Kind : uint32_t {
    configure = 1,  // consumer → producer: Configure, then JSON (panel:
                    // {pane,panel,settings,space,language,view}; media: {source,on_air,rate})
    release = 2,    // consumer → producer: stop producing `surface`; its region is given back
    taken = 3,      // consumer → producer: the last picture of `surface` was taken; if awaited
    input = 4,      // consumer → producer: Input
    want = 5,       // consumer → producer (mirror): pictures wanted until value_ns
    demand = 6,     // consumer → media: surface is now on air (value 1) or prepared (value 2)
    commit = 16,  // producer → consumer: `surface` has a fresh slot (a hint: the word is the truth)
    refuse = 17,  // producer → consumer: cannot produce `surface`; value = Reason, body = text
    view = 18,    // panel → consumer: body = the pane's new view record, JSON of at most 4 KiB
    notice =
        19,  // producer → consumer: the block of `surface` changed state (source_state, reason)
    released = 20,  // producer → consumer: nobody writes `surface` any more; sent and received by
                    // Producer and Consumer themselves
};

struct MessageHeader {
    uint32_t magic = 0x4257534d;  // "BWSM"
    Kind kind{};
    uint32_t surface = 0;
    uint32_t length = 0;  // bytes of body
    int64_t value = 0;
};
static_assert(sizeof(MessageHeader) == 24);

struct Configure {
    uint64_t offset;    // of the region in the arena, kSlotAlign-aligned
    uint64_t capacity;  // bytes per slot; the region is kSlots * capacity
    uint32_t width;     // wanted picture size in pixels
    uint32_t height;
    float scale;  // pixels per logical unit (one minute of arc at the farthest reader)
    uint32_t generation;
    SlotKind kind;  // wanted
    // Units of kSlotAlign at the end of the arena: the texture heap, one for all surfaces of the
    // link.
    uint32_t texture_pages;
};
static_assert(sizeof(Configure) == 40);

struct Input {
    uint32_t type;    // 1 move, 2 press, 3 release, 4 scroll, 5 leave
    uint32_t button;  // 1 left, 2 right, 3 middle
    float x, y;       // surface pixels
    float wheel;
    uint32_t seat;
};

inline constexpr size_t kMaxMessageBytes = 65536;
inline constexpr size_t kMaxViewBytes = 4096;

/// Hard limits that the validator enforces on a draw list.
inline constexpr uint32_t kMaxVertices = 262144, kMaxIndices = 786432, kMaxCommands = 4096,
                          kMaxVideos = 128;
/// And on a panel's own textures: of one surface, and (by the producer alone) of all of a link. The
/// heap holds each link's share in three versions and more: two that may still be looked at, one
/// that is being written.
inline constexpr uint32_t kMaxTextures = 64, kMaxTextureSide = 4096;
inline constexpr uint64_t kMaxTextureBytes = 16 << 20, kMaxLinkTextureBytes = 128 << 20;

}  // namespace bw::surface

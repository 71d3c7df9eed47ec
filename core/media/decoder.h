// SPDX-License-Identifier: Apache-2.0
// The second half of a stream: [parse !] decode ! convert, driven by the thread that feeds it, so
// that no stream has threads of its own. One thread at a time; a picture that is finished is handed
// to on_picture from within feed().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/media/decoders.h"
#include "core/media/picture.h"
#include "core/media/unit.h"

namespace bw::media {

class Decoder {
  public:
    /// A picture and when its unit arrived.
    using OnPicture = std::function<void(HeldPicture, int64_t arrived_ns)>;
    /// Error "missing": no such element; "failed": it does not start.
    static base::Result<std::unique_ptr<Decoder>> make(const Decoders::Candidate& candidate,
                                                       OnPicture on_picture);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// The error says why this decoder can do no more. Damage in the stream is none.
    base::Status feed(const Unit& unit);
    /// Media type of what it was last fed: "video/x-h264".
    [[nodiscard]] const std::string& media() const;

    struct Chain;

  private:
    explicit Decoder(std::unique_ptr<Chain> chain);
    const std::unique_ptr<Chain> chain_;
};

}  // namespace bw::media

// SPDX-License-Identifier: Apache-2.0
// One HTTP request and the reply it gets, now or later: the loop never waits for either end. Main
// thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/console/guard.h"

using SoupServerMessage = struct _SoupServerMessage;

namespace bw::console {

class Exchange {
  public:
    explicit Exchange(SoupServerMessage* message);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    [[nodiscard]] RequestFacts facts() const;
    [[nodiscard]] std::string if_none_match() const;
    [[nodiscard]] std::string body() const;
    /// What the browser keeps under that name; empty: nothing.
    [[nodiscard]] std::string cookie(const std::string& name) const;
    /// With the reply: the browser keeps it for so long, shows it to us alone and to no script, and
    /// sends it with nothing that another site's page makes it ask. 0 seconds: it forgets it.
    void set_cookie(const std::string& name, const std::string& value, int64_t seconds);
    /// The session of whoever asks, once it is known that it is one; empty: nobody needs one.
    [[nodiscard]] const std::string& session() const { return session_; }
    void set_session(std::string session) { session_ = std::move(session); }

    /// Holds the reply back until reply() or refuse(); again: changes nothing.
    void pause();
    /// Nothing happens when the browser has gone meanwhile.
    void reply(int status, const char* content_type, std::span<const std::byte> body,
               const std::string& etag = {});
    void reply(int status, const char* content_type, std::string_view body);
    /// {"error": {"code", "text"}}
    void refuse(const Refusal& refusal);
    /// "See there", of our own pages.
    void redirect(const char* path);
    /// For a method that the path does not know.
    void refuse_method(const char* allowed);

  private:
    void finish(int status);
    SoupServerMessage* message_;
    std::string session_;
    unsigned long finished_handler_ = 0;
    bool paused_ = false, gone_ = false;
};

}  // namespace bw::console

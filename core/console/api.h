// SPDX-License-Identifier: Apache-2.0
// What /api/v1 takes and gives as JSON, apart from HTTP and sockets. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/config/site.h"
#include "core/console/guard.h"
#include "core/events/client.h"

namespace bw::console {

inline constexpr const char* kJsonType = "application/json; charset=utf-8";

/// {"site", "title": {zh, en}, "language"}: what the page calls the wall.
std::string wall_json(const config::Site& site);
std::string error_json(const Refusal& refusal);

/// The `data` of the command made from a request's body. Errors "invalid", with a sentence.
base::Result<std::string> take_data(std::string_view body);
base::Result<std::string> preview_data(std::string_view body);
base::Result<std::string> undo_data(std::string_view body);

/// The subject of the item of attention that a request's body names. Errors "invalid".
base::Result<std::string> acknowledged_subject(std::string_view body);
/// The body of the verb sign_in. Errors "invalid", with a sentence.
base::Result<std::string> sign_in_body(std::string_view body);

/// JSON of an object with `session` in it; an empty one: as it is.
std::string with_session(std::string json, const std::string& session);

struct Answer {
    int status = 200;
    std::string body;
};
/// A hub's reply as an HTTP answer: what it holds when ok, else a refusal with the fitting status.
Answer to_answer(const events::Reply& reply);
/// Why nobody was signed in, with `code` wrong, locked, ended or busy.
Refusal sign_in_refusal(const events::Reply& reply);
/// Of the verb sign_in that did: the session, for the cookie alone, and what the page gets.
struct SignedIn {
    std::string session;
    int64_t seconds = 0;  // that it lasts
    std::string body;     // {"name", "role", "until"}
};
SignedIn signed_in(const events::Reply& reply, int64_t wall_ns);

/// GET /api/v1/people: who is signed in (the hub's `people`, {} where nobody was asked), whether
/// somebody has to be, and what the wall is called (JSON of wall_json()).
std::string people_json(std::string_view people, bool configured, const std::string& wall);
/// Whom `people` names; empty: nobody.
std::string name_of(std::string_view people);

/// The body of the verb record that lists items of attention behind the subject `after`.
std::string attention_request(const std::string& after);
/// At most this many items go to a page.
inline constexpr size_t kMaxItems = 100;
/// Items of attention, gathered from pages of records.
class AttentionList {
  public:
    /// Takes in a reply of the verb record, op list. The subject after which there is more; empty:
    /// that was all.
    std::string add(std::string_view reply);
    /// {"items": active ones first, the gravest first, then the newest, "total", "active"}
    [[nodiscard]] std::string to_json() const;

  private:
    struct Item {
        bool active = false;
        int64_t level = 1;
        std::string since, data;  // JSON
    };
    std::vector<Item> items_;
};

}  // namespace bw::console

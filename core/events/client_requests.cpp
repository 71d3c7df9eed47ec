// SPDX-License-Identifier: Apache-2.0
// Everything that gets a reply, and telemetry, which gets none.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/events/client_impl.h"
#include "core/events/json.h"

namespace bw::events {

using nlohmann::json;

namespace {

// What a producer may pile up while there is no hub.
constexpr size_t kMaxPending = 10'000;
constexpr size_t kMaxKept = 4096;

// {"id": ID, …what `body` has…}
std::string with_id(const std::string& id, const std::string& body) {
    const size_t open = body.find('{');
    if (open == std::string::npos) return "{\"id\":\"" + id + "\"}";
    const size_t next = body.find_first_not_of(" \t\r\n", open + 1);
    const bool empty = next == std::string::npos || body[next] == '}';
    return "{\"id\":\"" + id + "\"" + (empty ? "" : ",") + body.substr(open + 1);
}

Reply failure(const char* code, std::string text) {
    Reply reply;
    reply.code = code;
    reply.text = std::move(text);
    reply.body = json{{"code", reply.code}, {"text", reply.text}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    return reply;
}

Reply to_reply(json body) {
    Reply reply;
    const auto ok = body.find("ok");
    reply.ok = ok != body.end() && ok->is_boolean() && ok->get<bool>();
    reply.code = text_of(body, "code");
    reply.text = text_of(body, "text");
    body.erase("id");
    body.erase("ok");
    reply.body = body.dump();
    return reply;
}

std::string key_of(const Event& event) {
    return event.type + '\n' + event.subject;
}

}  // namespace

Event ClientImpl::filled(Event event) const {
    if (event.id.empty()) event.id = base::random_uuid();
    if (event.source.empty()) event.source = options_.name.empty() ? "plugin" : options_.name;
    if (event.time.empty()) event.time = base::rfc3339(base::wall_ns());
    event.space = options_.space;
    return event;
}

void ClientImpl::add_pending(std::string_view verb, std::string body, int64_t deadline_ns,
                             bool durable, RawHandler handler, std::string attachment) {
    if (pending_.size() >= kMaxPending) {
        if (handler) handler(failure("full", "10000 requests wait for the hub already"), {});
        return;
    }
    const uint64_t order = next_id_++;
    Pending pending;
    pending.id = "r" + std::to_string(order) + "-" + cycle_;
    pending.frames = {std::string(verb), with_id(pending.id, body)};
    if (!attachment.empty()) pending.frames.push_back(std::move(attachment));
    pending.handler = std::move(handler);
    pending.deadline_ns = deadline_ns;
    pending.durable = durable;
    // With the hub gone, only a durable request waits for the next one.
    pending.sent = !up_ && ever_up_ && !durable;
    pending_by_id_[pending.id] = order;
    Pending& kept = pending_[order] = std::move(pending);
    if (up_) send_pending(kept, base::mono_ns());
}

void ClientImpl::send_pending(Pending& pending, int64_t now) {
    if (pending.sent && !(pending.durable && now - pending.sent_ns >= kResendPeriodNs)) return;
    pending.sent = send(pending.frames);
    pending.sent_ns = now;
}

void ClientImpl::handle_reply(const Frames& frames) {
    json body;
    if (!read_json(frames[1], body) || !body.is_object()) return;
    const std::string id = text_of(body, "id");
    if (id.rfind("hello-", 0) == 0) return welcomed(id, body);
    const auto found = pending_by_id_.find(id);
    if (found == pending_by_id_.end()) {
        bool waited = id.empty();  // else nobody is interested any more
        for (Subscription& s : subscriptions_) {
            if (s.asked.empty() || s.asked != id) continue;
            s.asked.clear();
            waited = true;
        }
        if (waited && !body.value("ok", true)) refused(to_reply(std::move(body)));
        return;
    }
    const RawHandler handler = std::move(pending_[found->second].handler);
    pending_.erase(found->second);
    pending_by_id_.erase(found);
    if (handler) handler(to_reply(std::move(body)), frames.size() > 2 ? frames[2] : std::string());
}

// Whoever speaks for a person learns it at once; they may say hello again with another token.
void ClientImpl::not_let_in(const json& answer) {
    const Reply why = failure("refused", text_of(answer, "text"));
    std::map<uint64_t, Pending> waiting;
    waiting.swap(pending_);
    pending_by_id_.clear();
    for (const auto& [order, pending] : waiting)
        if (pending.handler) pending.handler(why, {});
    for (size_t i = 0; i < refusal_handlers_.size(); ++i) refusal_handlers_[i](why);
}

void ClientImpl::refused(const Reply& reply) {
    if (refusal_handlers_.empty()) base::log_warning("the hub refused: {}", reply.text);
    for (size_t i = 0; i < refusal_handlers_.size(); ++i) refusal_handlers_[i](reply);
}

void ClientImpl::expire(int64_t now) {
    std::vector<RawHandler> late;
    for (auto it = pending_.begin(); it != pending_.end();) {
        if (it->second.deadline_ns == 0 || now < it->second.deadline_ns) {
            ++it;
            continue;
        }
        late.push_back(std::move(it->second.handler));
        pending_by_id_.erase(it->second.id);
        it = pending_.erase(it);
    }
    for (const RawHandler& handler : late)
        if (handler) handler(failure("timeout", "no answer in time"), {});
}

namespace {
auto plain(ReplyHandler handler) {
    return [handler = std::move(handler)](const Reply& reply, const std::string&) {
        if (handler) handler(reply);
    };
}
}  // namespace

void ClientImpl::publish_durable(Event event, ReplyHandler handler) {
    add_pending("publish",
                "{\"lane\":\"durable\",\"event\":" + to_json(filled(std::move(event))) + "}", 0,
                true, plain(std::move(handler)));
}

void ClientImpl::put_records(std::vector<RecordWrite> writes, ReplyHandler handler,
                             std::string_view space) {
    json list = json::array();
    for (const RecordWrite& write : writes) {
        json data;
        if (!read_json(write.data, data))
            return handler ? handler(failure("invalid",
                                             "the data of " + write.subject + " is not JSON"))
                           : void();
        json entry = {{"type", write.type}, {"subject", write.subject}, {"data", std::move(data)}};
        if (write.revision != 0) entry["revision"] = write.revision;
        if (write.tombstone) entry["tombstone"] = true;
        list.push_back(std::move(entry));
    }
    json body = {{"op", "put"}, {"write", base::random_uuid()}, {"writes", std::move(list)}};
    if (!is_own(space)) body["space"] = space;
    add_pending("record", body.dump(-1, ' ', false, json::error_handler_t::replace), 0, true,
                plain(std::move(handler)));
}

void ClientImpl::command(Event event, int64_t expires_ms, ReplyHandler handler) {
    // An event is made as one of live: that alone says nothing.
    const std::string space = event.space == Event{}.space ? std::string() : event.space;
    event = filled(std::move(event));
    if (!is_own(space)) event.space = space;
    const std::string body =
        "{\"expires_ms\":" + std::to_string(expires_ms) +
        ",\"sent_ns\":" + std::to_string(base::wall_ns() + clock_offset_ns_) +
        (is_own(space)
             ? ""
             : ",\"space\":" + json(space).dump(-1, ' ', false, json::error_handler_t::replace)) +
        ",\"event\":" + to_json(event) + "}";
    add_pending("command", body, base::mono_ns() + expires_ms * base::kMillisecond, false,
                plain(std::move(handler)));
}

void ClientImpl::request(std::string_view verb, std::string_view body, int64_t timeout_ms,
                         ReplyHandler handler) {
    add_pending(verb, std::string(body), base::mono_ns() + timeout_ms * base::kMillisecond, false,
                plain(std::move(handler)));
}

Reply ClientImpl::call(std::string_view verb, std::string_view body, int64_t timeout_ms) {
    auto result = std::make_shared<std::pair<bool, Reply>>(false, Reply{});
    request(verb, body, timeout_ms, [result](const Reply& reply) { *result = {true, reply}; });
    std::string fault;
    const auto over = [&] { return result->first || !(fault = line_fault()).empty(); };
    run_until(over, base::mono_ns() + (timeout_ms + 100) * base::kMillisecond);
    if (result->first) return result->second;
    if (fault.empty()) return failure("timeout", "no answer in time");
    const bool nobody = socket_.failing() == Socket::Failing::nobody;
    return failure(nobody ? "closed" : "refused", options_.endpoint + ": " + fault);
}

void ClientImpl::publish(Event event) {
    event = filled(std::move(event));
    const bool sent = up_ && send_telemetry(event);
    const std::string key = key_of(event);
    if (!sent && kept_.size() >= kMaxKept && !kept_.contains(key)) return;
    if (kept_.size() < kMaxKept || kept_.contains(key))
        kept_[key] = {std::move(event), sent ? base::mono_ns() : 0};
}

bool ClientImpl::send_telemetry(const Event& event) {
    return send({"publish", "{\"lane\":\"telemetry\",\"event\":" + to_json(event) + "}"});
}

void ClientImpl::flush_telemetry() {
    for (auto& [key, kept] : kept_)
        if (kept.sent_ns == 0 && send_telemetry(kept.event)) kept.sent_ns = base::mono_ns();
}

void ClientImpl::handle_command(const Frames& frames) {
    json body;
    if (!read_json(frames[1], body) || !body.is_object() || !body.contains("event")) return;
    const std::string id = text_of(body, "id");
    auto event = parse_event(body["event"].dump());
    if (!event) return answer(id, cycle_, failure("invalid", event.error().text));
    // The hub checked the age when it sent this on; we check again, for we may have been stopped.
    const int64_t until_ns = integer_of(body, "until_ns", 0);
    if (until_ns != 0 && base::wall_ns() + clock_offset_ns_ > until_ns)
        return answer(id, cycle_, failure("expired", "the command came too late"));
    for (size_t i = 0; i < command_handlers_.size(); ++i) {
        if (!matches(command_handlers_[i].prefix, *event)) continue;
        const std::weak_ptr<ClientImpl*> self = alive_;
        const auto run = command_handlers_[i].run;
        run(*event, [self, id, cycle = cycle_](const Reply& reply) {
            if (const auto client = self.lock()) (*client)->answer(id, cycle, reply);
        });
        return;
    }
    answer(id, cycle_, failure("unknown", "nobody here handles " + event->type));
}

void ClientImpl::answer(const std::string& id, const std::string& cycle, const Reply& reply) {
    if (!up_ || cycle != cycle_) return;  // the hub that asked is gone
    json body;
    if (!read_json(reply.body, body) || !body.is_object()) body = json::object();
    body["id"] = id;
    body["ok"] = reply.ok;
    if (!reply.code.empty()) body["code"] = reply.code;
    if (!reply.text.empty()) body["text"] = reply.text;
    send({"answer", body.dump(-1, ' ', false, json::error_handler_t::replace)});
}

}  // namespace bw::events

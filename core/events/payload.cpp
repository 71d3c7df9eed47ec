// SPDX-License-Identifier: Apache-2.0
#include "core/events/payload.h"

#include <zmq.hpp>

namespace bw::events {

namespace {

void let_go(void* /*bytes*/, void* owner) {
    delete static_cast<std::shared_ptr<const void>*>(owner);
}

}  // namespace

Payload::Payload() = default;
Payload::Payload(Payload&&) noexcept = default;
Payload& Payload::operator=(Payload&&) noexcept = default;
Payload::~Payload() = default;

Payload::Payload(std::shared_ptr<const void> owner, std::string_view bytes)
    // libzmq takes a pointer that could be written through; nobody does.
    : message_(
          std::make_unique<zmq::message_t>(const_cast<char*>(bytes.data()), bytes.size(), let_go,
                                           new std::shared_ptr<const void>(std::move(owner)))) {}

std::string_view Payload::bytes() const {
    return message_ ? std::string_view(message_->data<char>(), message_->size())
                    : std::string_view();
}

void Payload::share(zmq::message_t& out) {
    if (message_)
        out.copy(*message_);
    else
        out.rebuild();
}

}  // namespace bw::events

// SPDX-License-Identifier: Apache-2.0
#include "core/media/vnc_line.h"

#include <fmt/core.h>
#include <rfb/rfbclient.h>

#include <cstring>
#include <mutex>
#include <vector>

#include "core/base/clock.h"
#include "core/media/host_and_port.h"
#include "core/media/scaler.h"

namespace bw::media {

using surface::Reason;

namespace {

constexpr unsigned kPatienceS = 4;  // for the connection, and for what a server owes us
constexpr int64_t kAskEveryNs = base::kSecond;
constexpr unsigned kTurnUs = 100'000;  // how soon a close is noticed
constexpr int kMostSide = 8192;        // pixels; what a server says it has is only its word
/// Everything that LibVNCClient knows, what costs least on the line first.
constexpr const char* kEncodings = "tight zrle ultra copyrect hextile zlib corre rre raw";

// Its log is one for the process, and goes to the standard error otherwise.
void say_nothing(const char* /*format*/, ...) {}

}  // namespace

struct VncLine::Session {
    explicit Session(Opening o) : opening(std::move(o)) {}

    const Opening opening;
    std::atomic<bool> connected{false}, closing{false};
    std::atomic<int64_t> answered_ns{0};  // the server's newest answer
    base::Mutex mutex;
    std::optional<Trouble> trouble BW_GUARDED_BY(mutex);

    // Of the thread.
    bool asked_for_login = false, changed = false, shown_once = false;
    int64_t asked_ns = 0, shown_ns = 0;

    void fail(Reason reason, std::string text);
    rfbClient* connect();
    void run();
    bool turn(rfbClient* client);
    void show(const rfbClient* client);
};

namespace {

using Session = VncLine::Session;

/// LibVNCClient's place for our pointer is found by the address of this.
int our_tag = 0;

Session& session_of(rfbClient* client) {
    return *static_cast<Session*>(rfbClientGetClientData(client, &our_tag));
}

/// Called for the first size and for each new one.
rfbBool on_size(rfbClient* client) {
    if (client->width < 1 || client->height < 1 || client->width > kMostSide ||
        client->height > kMostSide)
        return FALSE;
    const auto bytes = static_cast<size_t>(client->width) * static_cast<size_t>(client->height) * 4;
    auto* pixels = static_cast<uint8_t*>(std::calloc(1, bytes));
    if (pixels == nullptr) return FALSE;
    std::free(client->frameBuffer);  // the library ends with free(), too
    client->frameBuffer = pixels;
    client->updateRect = {0, 0, client->width, client->height};
    session_of(client).connected.store(true);
    return TRUE;
}

void on_update(rfbClient* client, int, int, int, int) {
    session_of(client).changed = true;
}

void on_updated(rfbClient* client) {
    session_of(client).answered_ns.store(base::mono_ns());
}

/// The library frees what it gets.
char* on_password(rfbClient* client) {
    Session& session = session_of(client);
    session.asked_for_login = true;
    const std::string& password = session.opening.password;
    return password.empty() ? nullptr : strdup(password.c_str());
}

rfbCredential* on_login(rfbClient* client, int kind) {
    Session& session = session_of(client);
    session.asked_for_login = true;
    if (kind != rfbCredentialTypeUser || session.opening.user.empty()) return nullptr;
    auto* login = static_cast<rfbCredential*>(std::calloc(1, sizeof(rfbCredential)));
    if (login == nullptr) return nullptr;
    login->userCredential.username = strdup(session.opening.user.c_str());
    login->userCredential.password = strdup(session.opening.password.c_str());
    return login;
}

void set_up(rfbClient* client, Session& session, const HostAndPort& where) {
    rfbClientSetClientData(client, &our_tag, &session);
    client->MallocFrameBuffer = on_size;
    client->canHandleNewFBSize = TRUE;
    client->GotFrameBufferUpdate = on_update;
    client->FinishedFrameBufferUpdate = on_updated;
    client->GetPassword = on_password;
    client->GetCredential = on_login;
    client->connectTimeout = client->readTimeout = kPatienceS;
    client->appData.shareDesktop = TRUE;  // nobody who works there is sent away
    client->appData.viewOnly = TRUE;
    client->appData.useRemoteCursor = FALSE;  // then the server draws the pointer into the picture
    client->appData.encodingsString = kEncodings;
    // B, G, R, x in memory.
    client->format.redShift = 16;
    client->format.greenShift = 8;
    client->format.blueShift = 0;
    client->serverHost = strdup(where.host.c_str());
    client->serverPort = std::atoi(where.port.c_str());
}

}  // namespace

void VncLine::Session::fail(Reason reason, std::string text) {
    {
        base::Lock lock(mutex);
        if (trouble) return;
        trouble = Trouble{reason, std::move(text)};
    }
    opening.wake->ring();
}

/// Nothing: failed, and told.
rfbClient* VncLine::Session::connect() {
    const auto where = host_and_port(opening.uri, "5900");
    if (!where) {
        fail(Reason::bad_address, "the address names no host");
        return nullptr;
    }
    rfbClient* client = rfbGetClient(8, 3, 4);
    if (client == nullptr) {
        fail(Reason::connect_failed, "no memory");
        return nullptr;
    }
    set_up(client, *this, *where);
    if (rfbInitClient(client, nullptr, nullptr) == TRUE) return client;  // else it is freed
    if (asked_for_login)
        fail(Reason::unauthorised, "the server refused the password");
    else if (connected.load())
        fail(Reason::bad_stream, "the server broke off");
    else
        fail(Reason::connect_failed, "no VNC server answers there");
    return nullptr;
}

void VncLine::Session::run() {
    rfbClient* client = connect();
    if (client == nullptr) return;
    opening.wake->ring();
    asked_ns = base::mono_ns();
    answered_ns.store(asked_ns);
    while (!closing.load() && turn(client)) {
    }
    rfbClientCleanup(client);
}

bool VncLine::Session::turn(rfbClient* client) {
    const int waiting = WaitForMessage(client, kTurnUs);
    const int64_t now = base::mono_ns();
    if (waiting < 0 || (waiting > 0 && HandleRFBServerMessage(client) != TRUE)) {
        fail(Reason::ended, "the server closed the connection");
        return false;
    }
    if (now - asked_ns >= kAskEveryNs) {
        asked_ns = now;
        // Not incremental: to be answered though nothing has changed.
        if (SendFramebufferUpdateRequest(client, 0, 0, 1, 1, FALSE) != TRUE) {
            fail(Reason::ended, "the server closed the connection");
            return false;
        }
    }
    if (now - answered_ns.load() > kPatienceS * base::kSecond) {
        fail(Reason::stalled, "the server does not answer");
        return false;
    }
    // Whoever begins to look gets what there is; the first picture says that there is one.
    if (shown_once && !opening.flow->wanted())
        shown_ns = 0;
    else if (answered_ns.load() > shown_ns && (changed || shown_ns == 0))
        show(client);
    return true;
}

void VncLine::Session::show(const rfbClient* client) {
    changed = false;
    shown_once = true;
    shown_ns = base::mono_ns();
    opening.flow->show(
        from_bgrx(client->frameBuffer, client->width * 4, {client->width, client->height}),
        shown_ns);
}

std::unique_ptr<VncLine> VncLine::open(Opening opening) {
    static std::once_flag once;
    std::call_once(once, [] { rfbClientLog = rfbClientErr = say_nothing; });
    return std::unique_ptr<VncLine>(new VncLine(std::make_shared<Session>(std::move(opening))));
}

VncLine::VncLine(std::shared_ptr<Session> session)
    : session_(std::move(session)), thread_([own = session_] { own->run(); }) {}

VncLine::~VncLine() {
    session_->closing.store(true);
    thread_.join();
}

std::optional<Trouble> VncLine::trouble() {
    base::Lock lock(session_->mutex);
    return std::exchange(session_->trouble, std::nullopt);
}

bool VncLine::connected() const {
    return session_->connected.load();
}

int64_t VncLine::true_at_ns(int64_t /*now*/) const {
    return session_->answered_ns.load();
}

}  // namespace bw::media

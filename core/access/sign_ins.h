// SPDX-License-Identifier: Apache-2.0
// Who is signed in and whose name is locked, as STATE/sign_ins.json has it: a hub that was killed
// knows both when it is back. Sessions stand there by the SHA-256 of their id, so that who reads
// the file has none. Files are read and written on any thread, by one process; they wait for the
// disk: never on a loop.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/access/lock_out.h"
#include "core/base/result.h"

namespace bw::access {

struct SignedIn {
    std::string hash;      // of the session's id: hash_token()
    std::string name;      // the operator's
    std::string password;  // SHA-256 of the operator's argon2id hash: a new password ends it
    int64_t until_ns = 0;  // wall clock
};

struct SignIns {
    std::vector<LockOut::Row> locks;  // wall clock
    std::vector<SignedIn> sessions;
};

/// STATE/sign_ins.json.
std::filesystem::path sign_ins_file(const std::filesystem::path& state_dir);
/// No file: nobody. "invalid": it is no such file.
base::Result<SignIns> load_sign_ins(const std::filesystem::path& state_dir);
/// Mode 0600, whole or not at all, and onto the disk.
base::Status store_sign_ins(const std::filesystem::path& state_dir, const SignIns& sign_ins);

}  // namespace bw::access

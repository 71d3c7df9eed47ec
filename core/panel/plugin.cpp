// SPDX-License-Identifier: Apache-2.0
#include "core/panel/plugin.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>

namespace bw::panel {
namespace {

/// The tables of a loaded library's dynamic section; glibc has relocated their addresses.
struct Dynamic {
    const ElfW(Sym) * symbols = nullptr;
    const char* names = nullptr;
    const uint32_t* gnu_hash = nullptr;
};

Dynamic read_dynamic(const link_map& map) {
    Dynamic dynamic;
    for (const ElfW(Dyn)* entry = map.l_ld; entry->d_tag != DT_NULL; ++entry) {
        auto at = static_cast<uintptr_t>(entry->d_un.d_ptr);
        if (entry->d_tag == DT_SYMTAB) dynamic.symbols = reinterpret_cast<const ElfW(Sym)*>(at);
        if (entry->d_tag == DT_STRTAB) dynamic.names = reinterpret_cast<const char*>(at);
        if (entry->d_tag == DT_GNU_HASH) dynamic.gnu_hash = reinterpret_cast<const uint32_t*>(at);
    }
    return dynamic;
}

/// The GNU hash table holds exactly the symbols that others can bind to: those from `first` on.
/// Its chains end with an odd hash; the last chain ends the table.
std::pair<uint32_t, uint32_t> exported_range(const uint32_t* table) {
    uint32_t buckets = table[0], first = table[1], bloom_words = table[2];
    const uint32_t* bucket = table + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
    const uint32_t* chains = bucket + buckets;
    uint32_t last = 0;
    for (uint32_t i = 0; i < buckets; ++i) last = std::max(last, bucket[i]);
    if (last < first) return {first, first};
    while ((chains[last - first] & 1) == 0) ++last;
    return {first, last + 1};
}

/// Older linkers export these from every library.
bool is_linkers_own(const std::string& name) {
    return name == "_init" || name == "_fini" || name == "_edata" || name == "_end" ||
           name == "__bss_start";
}

base::Status check_exports(void* library) {
    for (const std::string& name : exported_symbols(library)) {
        if (name == BW_PANEL_ENTRY_SYMBOL || is_linkers_own(name)) continue;
        return base::Error{"refused", "the library exports \"" + name + "\" besides " +
                                          BW_PANEL_ENTRY_SYMBOL +
                                          ": link it with core/abi/panel.version"};
    }
    return {};
}

}  // namespace

std::vector<std::string> exported_symbols(void* library) {
    link_map* map = nullptr;
    if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return {};
    Dynamic dynamic = read_dynamic(*map);
    if (!dynamic.symbols || !dynamic.names || !dynamic.gnu_hash) return {};
    auto [first, end] = exported_range(dynamic.gnu_hash);
    std::vector<std::string> names;
    for (uint32_t i = first; i < end; ++i) {
        if (dynamic.symbols[i].st_shndx != SHN_UNDEF)
            names.emplace_back(dynamic.names + dynamic.symbols[i].st_name);
    }
    return names;
}

base::Result<std::unique_ptr<Plugin>> Plugin::load(const std::filesystem::path& library,
                                                   const bw_host_t* host) {
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return base::Error{"not_found", dlerror()};
    auto* entry = static_cast<const bw_panel_entry_t*>(dlsym(handle, BW_PANEL_ENTRY_SYMBOL));
    if (entry == nullptr)
        return base::Error{"refused", library.string() + " has no symbol " + BW_PANEL_ENTRY_SYMBOL};
    if (auto exports = check_exports(handle); !exports) return exports.error();
    if (entry->abi_version != BW_ABI_VERSION)
        return base::Error{"refused", library.string() + " speaks panel ABI " +
                                          std::to_string(entry->abi_version) + ", this host " +
                                          std::to_string(BW_ABI_VERSION)};
    if (!entry->init || !entry->deinit || !entry->create)
        return base::Error{"refused", library.string() + ": an entry function is null"};
    if (!entry->init(host)) return base::Error{"refused", library.string() + ": init said no"};
    std::unique_ptr<Plugin> plugin(new Plugin);
    plugin->entry_ = entry;
    return plugin;
}

Plugin::~Plugin() {
    if (entry_ != nullptr) entry_->deinit();
}

}  // namespace bw::panel

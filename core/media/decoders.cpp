// SPDX-License-Identifier: Apache-2.0
#include "core/media/decoders.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/media/gst.h"

namespace bw::media {
namespace {

bool is_hardware(GstElementFactory* factory) {
    return gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_HARDWARE) == TRUE;
}

struct List {
    GList* head;
    ~List() { gst_plugin_feature_list_free(head); }
};

}  // namespace

std::vector<Decoders::Candidate> Decoders::of(const HeldCaps& caps) const {
    // Marginal and up: what its makers do not want to be chosen by itself is not.
    const List all{gst_element_factory_list_get_elements(
        GST_ELEMENT_FACTORY_TYPE_DECODER |
            (GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO | GST_ELEMENT_FACTORY_TYPE_MEDIA_IMAGE),
        GST_RANK_MARGINAL)};
    const List fit{gst_element_factory_list_filter(all.head, caps.get(), GST_PAD_SINK, FALSE)};
    std::vector<GstElementFactory*> factories;
    for (GList* at = fit.head; at != nullptr; at = at->next)
        factories.push_back(GST_ELEMENT_FACTORY(at->data));
    std::stable_sort(factories.begin(), factories.end(), [](auto* a, auto* b) {
        if (is_hardware(a) != is_hardware(b)) return is_hardware(a);
        return gst_plugin_feature_get_rank(GST_PLUGIN_FEATURE(a)) >
               gst_plugin_feature_get_rank(GST_PLUGIN_FEATURE(b));
    });
    std::vector<Candidate> found;
    base::Lock lock(mutex_);
    for (auto* factory : factories) {
        const std::string name = GST_OBJECT_NAME(factory);
        if (name.starts_with("decodebin") || given_up_.contains(name)) continue;
        found.push_back({name, media_of(caps.get()), is_hardware(factory)});
    }
    return found;
}

void Decoders::give_up(const Candidate& candidate) {
    base::Lock lock(mutex_);
    if (given_up_.insert(candidate.name).second)
        base::log_warning("the decoder {} failed and is not used again", candidate.name);
}

}  // namespace bw::media

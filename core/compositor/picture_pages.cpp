// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/picture_pages.h"

namespace bw::compositor {

std::optional<PicturePages::Place> PicturePages::take_on(Page& page, int width, int height) const {
    if (auto found = page.free.find({width, height}); found != page.free.end()) {
        Place place{0, found->second.first, found->second.second, width, height};
        page.free.erase(found);
        return place;
    }
    int below = 0;
    for (Shelf& shelf : page.shelves) {
        below = shelf.y + shelf.height;
        // A shelf much taller than the picture is left to taller ones.
        if (height > shelf.height || height * 4 < shelf.height * 3) continue;
        if (shelf.next_x + width > side_) continue;
        Place place{0, shelf.next_x, shelf.y, width, height};
        shelf.next_x += width;
        return place;
    }
    if (below + height > side_) return std::nullopt;
    page.shelves.push_back({below, height, width});
    return Place{0, 0, below, width, height};
}

std::optional<PicturePages::Place> PicturePages::take(int width, int height) {
    width += width % 2;
    height += height % 2;
    if (width <= 0 || height <= 0 || width > side_ || height > side_) return std::nullopt;
    for (size_t i = 0; i <= pages_.size(); ++i) {
        if (i == pages_.size()) {
            if (count() >= most_) return std::nullopt;
            pages_.emplace_back();
        }
        if (auto place = take_on(pages_[i], width, height)) {
            place->page = static_cast<int>(i);
            ++pages_[i].taken;
            return place;
        }
    }
    return std::nullopt;
}

void PicturePages::give_back(const Place& place) {
    Page& page = pages_[static_cast<size_t>(place.page)];
    if (--page.taken == 0) {
        page = {};
        return;
    }
    page.free.insert({{place.width, place.height}, {place.x, place.y}});
}

}  // namespace bw::compositor

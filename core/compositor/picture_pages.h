// SPDX-License-Identifier: Apache-2.0
// Places for pictures on square pages (layers of one array texture), so that all pictures of a
// frame can be drawn at once. No GL. Places are even, so that half-sized chroma planes lie at half
// the coordinates.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace bw::compositor {

class PicturePages {
  public:
    struct Place {
        int page = 0, x = 0, y = 0, width = 0, height = 0;
    };
    PicturePages(int side, int most_pages) : side_(side), most_(most_pages) {}
    /// Nothing: no page has room and there may be no more pages, or it is larger than a page.
    std::optional<Place> take(int width, int height);
    void give_back(const Place& place);
    [[nodiscard]] int side() const { return side_; }
    /// Pages in use so far; never shrinks.
    [[nodiscard]] int count() const { return static_cast<int>(pages_.size()); }

  private:
    struct Shelf {
        int y = 0, height = 0, next_x = 0;
    };
    struct Page {
        std::vector<Shelf> shelves;
        std::multimap<std::pair<int, int>, std::pair<int, int>> free;  // by size: x, y
        int taken = 0;
    };
    std::optional<Place> take_on(Page& page, int width, int height) const;

    int side_, most_;
    std::vector<Page> pages_;
};

}  // namespace bw::compositor

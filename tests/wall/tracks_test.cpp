// SPDX-License-Identifier: Apache-2.0
#include "core/wall/tracks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace bw::wall::test {
namespace {

using config::Track;
using testing::DoubleNear;
using testing::ElementsAre;
constexpr auto fr = Track::Unit::fraction;
constexpr auto mm = Track::Unit::millimetres;

double sum(const std::vector<double>& lengths) {
    return std::accumulate(lengths.begin(), lengths.end(), 0.0);
}

double least(const Track& track) {
    return track.unit == mm ? track.value : track.minimum_mm;
}

std::vector<Track> random_tracks(std::mt19937& random) {
    std::uniform_real_distribution<double> share(0.1, 4), length(1, 500);
    std::uniform_int_distribution<int> count(1, 7), kind(0, 2);
    std::vector<Track> tracks;
    for (int i = count(random); i > 0; --i) {
        const int what = kind(random);
        if (what == 0)
            tracks.push_back({length(random), mm});
        else
            tracks.push_back({share(random), fr, what == 1 ? length(random) : 0});
    }
    return tracks;
}

bool has_share(const std::vector<Track>& tracks) {
    return std::any_of(tracks.begin(), tracks.end(), [](const Track& t) { return t.unit == fr; });
}

TEST(Tracks, share_under_its_minimum_gets_the_minimum_and_the_others_the_rest) {
    EXPECT_THAT(track_lengths({{1, fr, 300}, {1, fr}, {2, fr}}, 900),
                ElementsAre(300, DoubleNear(200, 1e-9), DoubleNear(400, 1e-9)));
    EXPECT_THAT(track_lengths({{1, fr, 300}, {1, fr}}, 900),
                ElementsAre(450, 450));  // the share is more
}

TEST(Tracks, pinning_one_may_pin_another) {
    // 1000 in four shares is 250 each; with 600 pinned only 133 are left for the second's 200.
    EXPECT_THAT(track_lengths({{1, fr, 600}, {1, fr, 200}, {1, fr}, {1, fr}}, 1000),
                ElementsAre(600, 200, DoubleNear(100, 1e-9), DoubleNear(100, 1e-9)));
}

TEST(Tracks, too_small_a_room_shrinks_lengths_and_minima_alike) {
    EXPECT_THAT(track_lengths({{300, mm}, {1, fr, 100}, {5, fr}}, 200),
                ElementsAre(DoubleNear(150, 1e-9), DoubleNear(50, 1e-9), 0));
    EXPECT_THAT(track_lengths({{300, mm}, {1, fr, 100}}, 0), ElementsAre(0, 0));
    EXPECT_THAT(track_lengths({{300, mm}, {1, fr, 100}}, -5), ElementsAre(0, 0));
    EXPECT_TRUE(track_lengths({}, 100).empty());
}

TEST(Tracks, never_under_the_minimum_where_there_is_room_and_never_over_it) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> room_mm(0, 4000);
    int tight = 0;
    for (int i = 0; i < 5000; ++i) {
        const auto tracks = random_tracks(random);
        const double room = room_mm(random);
        const auto lengths = track_lengths(tracks, room);
        double needed = 0;
        for (const Track& track : tracks) needed += least(track);
        ASSERT_EQ(lengths.size(), tracks.size());
        EXPECT_LE(sum(lengths), room + 1e-6) << "case " << i;
        if (needed > room) {
            ++tight;
            EXPECT_NEAR(sum(lengths), room, 1e-6) << "case " << i;
            continue;
        }
        for (size_t k = 0; k < tracks.size(); ++k)
            EXPECT_GE(lengths[k], least(tracks[k]) - 1e-9) << "case " << i;
        if (!has_share(tracks)) continue;
        EXPECT_NEAR(sum(lengths), room, 1e-6) << "case " << i;
    }
    EXPECT_GT(tight, 100) << "both cases have to occur";
}

TEST(Tracks, shares_above_their_minimum_are_fair) {
    std::mt19937 random(2);
    for (int i = 0; i < 2000; ++i) {
        const auto tracks = random_tracks(random);
        const auto lengths = track_lengths(tracks, 3000);
        double share = -1;  // millimetres of 1fr, of the first that is free
        for (size_t k = 0; k < tracks.size(); ++k) {
            if (tracks[k].unit == mm || lengths[k] <= tracks[k].minimum_mm + 1e-9) continue;
            const double own = lengths[k] / tracks[k].value;
            if (share < 0) share = own;
            EXPECT_NEAR(own, share, 1e-6) << "case " << i;
        }
        // And no pinned one would have had more by its share.
        for (size_t k = 0; k < tracks.size() && share >= 0; ++k) {
            if (tracks[k].unit == mm) continue;
            EXPECT_GE(lengths[k], tracks[k].value * share - 1e-6) << "case " << i;
        }
    }
}

}  // namespace
}  // namespace bw::wall::test

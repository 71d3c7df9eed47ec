// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "plugins/demo_field/field_model.h"

namespace bw::demo_field {
namespace {

const Exercise& demo() {
    static const Exercise exercise = [] {
        const char* source = std::getenv("BEACONWALL_SOURCE");
        auto loaded = Exercise::load(std::filesystem::path(source != nullptr ? source : ".") /
                                     "layouts/demo/data");
        if (!loaded) throw std::runtime_error(loaded.error().text);
        return std::move(*loaded);
    }();
    return exercise;
}

TEST(Exercise, NamesTheFileThatIsMissing) {
    auto loaded = Exercise::load("/nowhere");
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.error().text.find("stations.json"), std::string::npos);
}

TEST(Exercise, TheRiverRisesWithinTheFirstHalfMinuteOfTheWall) {
    const Exercise& exercise = demo();
    ASSERT_EQ(exercise.gauges.size(), 8u);
    double wall_half_minute = 30 * kSpeed / 3600;
    for (size_t i = 0; i < 4; ++i) {
        double before = exercise.gauge(exercise.gauges[i], 0).level_m;
        double after = exercise.gauge(exercise.gauges[i], wall_half_minute).level_m;
        EXPECT_GT(after - before, 0.01) << exercise.gauges[i].id;
    }
}

TEST(Exercise, GaugesMoveLikeRivers) {
    const Exercise& exercise = demo();
    for (const Gauge& gauge : exercise.gauges) {
        double before = exercise.gauge(gauge, -24).level_m, peak = before;
        for (double hour = -24; hour < kExerciseHours; hour += 0.05) {
            double level = exercise.gauge(gauge, hour).level_m;
            EXPECT_LT(std::abs(level - before), 0.25) << gauge.id << " at " << hour;
            peak = std::max(peak, level);
            before = level;
        }
        EXPECT_LT(peak, gauge.bed_m + gauge.rise_m) << "no levee is overtopped in this exercise";
    }
}

TEST(Exercise, RainCountersOnlyGrow) {
    const Exercise& exercise = demo();
    for (const RainGauge& gauge : exercise.rain_gauges) {
        for (double hour = -24; hour < kExerciseHours; hour += 0.25) {
            EXPECT_LE(exercise.rain(gauge, hour).total_mm,
                      exercise.rain(gauge, hour + 0.25).total_mm);
            EXPECT_GE(exercise.rain(gauge, hour).rain_mm_h, 0);
        }
    }
}

TEST(Exercise, CrewsDriveOnlyWhenTheyAreOnTheirWay) {
    const Exercise& exercise = demo();
    std::set<Status> seen;
    for (size_t crew = 0; crew < exercise.crews.size(); ++crew) {
        for (double hour = 0; hour < kExerciseHours; hour += 0.01) {
            TeamReading now = exercise.crew(crew, hour),
                        next = exercise.crew(crew, hour + 1.0 / 3600);
            double moved = distance_km(now.at, next.at);
            EXPECT_LT(moved, 0.2) << exercise.crews[crew].id << " jumps at " << hour;
            bool drives = now.status == Status::en_route || now.status == Status::returning;
            EXPECT_EQ(now.speed_kmh > 0, drives);
            seen.insert(now.status);
        }
    }
    EXPECT_EQ(seen.size(), 5u);
}

TEST(Exercise, SmokeBringsTheFirstThreeCrews) {
    const Exercise& exercise = demo();
    EXPECT_FALSE(exercise.smoke(0).active);
    EXPECT_TRUE(exercise.smoke(0.5).active);
    for (size_t crew = 0; crew < 3; ++crew) {
        EXPECT_EQ(exercise.crew(crew, 0.1).status, Status::standby);
        EXPECT_NE(exercise.crew(crew, 0.42).status, Status::standby);
    }
}

TEST(Exercise, StoresEmptyAndFillAgain) {
    const Exercise& exercise = demo();
    int64_t begin = 0, middle = 0, end = 0;
    for (size_t shelf = 0; shelf < exercise.shelves.size(); ++shelf) {
        EXPECT_EQ(exercise.pieces(shelf, 0), exercise.shelves[shelf].pieces);
        EXPECT_GE(exercise.pieces(shelf, 20), 0);
        begin += exercise.pieces(shelf, 0);
        middle += exercise.pieces(shelf, 20);
        end += exercise.pieces(shelf, 29.9);
    }
    EXPECT_LT(middle, begin * 3 / 4);
    EXPECT_GT(end, begin * 95 / 100);
}

TEST(Exercise, ItIsTheSameEachTime) {
    const Exercise& exercise = demo();
    auto again = Exercise::load(std::filesystem::path(std::getenv("BEACONWALL_SOURCE") != nullptr
                                                          ? std::getenv("BEACONWALL_SOURCE")
                                                          : ".") /
                                "layouts/demo/data");
    ASSERT_TRUE(again.ok());
    for (size_t crew = 0; crew < exercise.crews.size(); ++crew) {
        EXPECT_EQ(exercise.crew(crew, 7.5), again->crew(crew, 7.5));
    }
    EXPECT_EQ(exercise.stock(77, 3).shelf, again->stock(77, 3).shelf);
}

TEST(Roads, TheWayIsContinuousAndItsLengthIsTheSum) {
    Roads roads;
    roads.add({{117.0, 40.5}, {117.1, 40.5}, {117.2, 40.5}});
    roads.add({{117.1, 40.51}, {117.1, 40.6}});  // meets the first within the crossing's distance
    Route route = roads.route({117.0, 40.49}, {117.1, 40.61});
    EXPECT_GT(route.length_km, 15);
    EXPECT_LT(route.length_km, 30);
    double heading = 0;
    EXPECT_EQ(route.at(0, &heading), (GeoPoint{117.0, 40.49}));
    EXPECT_EQ(route.at(1000, nullptr), (GeoPoint{117.1, 40.61}));
}

}  // namespace
}  // namespace bw::demo_field

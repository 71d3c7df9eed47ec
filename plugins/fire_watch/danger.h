// SPDX-License-Identifier: Apache-2.0
// Forest fire: danger from the weather, and who can see a place. Pure. Degrees WGS 84, kilometres.
#pragma once

#include <string>
#include <vector>

namespace bw::fire {

struct Danger {
    int grade = 1;  // 1 low … 5 extreme
    int level = 0;  // the warning colour: grade 2 blue … 5 red
    double index = 0;
    const char* zh = "";
    const char* en = "";
};
/// By the Ångström index (humidity / 20 + (27 − temperature) / 10): the lower, the drier and
/// hotter. A published rule of thumb, not the service's official grade.
Danger danger(double temperature_c, double humidity_pct);

struct Place {
    double longitude = 0, latitude = 0;
};
double distance_km(Place a, Place b);
/// 0 … 360, clockwise from north.
double bearing_deg(Place from, Place to);
Place ahead(Place from, double bearing_deg, double distance_km);

struct Camera {
    std::string id;
    Place at;
};
struct Sight {
    std::string id;
    double distance_km = 0, bearing_deg = 0;
};
/// The `most` cameras nearest to a place, nearest first.
std::vector<Sight> who_sees(Place place, const std::vector<Camera>& cameras, size_t most);

}  // namespace bw::fire

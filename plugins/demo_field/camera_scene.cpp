// SPDX-License-Identifier: Apache-2.0
#include "camera_scene.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bw::demo_field {
namespace {

/// Where a pixel stands in rows of that many.
size_t cell(int x, int y, int row) {
    return static_cast<size_t>(y) * static_cast<size_t>(row) + static_cast<size_t>(x);
}

constexpr int kRidges = 6;

/// A colour in Y, U, V, 0..255.
struct Yuv {
    float y, u, v;
};
Yuv mix(const Yuv& a, const Yuv& b, float t) {
    return {a.y + (b.y - a.y) * t, a.u + (b.u - a.u) * t, a.v + (b.v - a.v) * t};
}

struct Light {
    Yuv sky_top, sky_low, far, near;
};
constexpr std::array<Light, 4> kLights = {{
    {{142, 130, 126}, {184, 128, 127}, {156, 130, 125}, {44, 124, 121}},  // overcast
    {{112, 136, 122}, {186, 118, 138}, {142, 128, 127}, {40, 123, 122}},  // dawn
    {{118, 148, 114}, {188, 132, 124}, {148, 138, 119}, {50, 119, 119}},  // clear
    {{66, 142, 122}, {142, 114, 144}, {98, 131, 127}, {24, 127, 125}},    // dusk
}};

float lattice(int x, int y, uint32_t seed) {
    uint32_t h = static_cast<uint32_t>(x) * 374761393U + static_cast<uint32_t>(y) * 668265263U +
                 seed * 2246822519U;
    h = (h ^ (h >> 13)) * 1274126177U;
    return static_cast<float>((h ^ (h >> 16)) & 0xFFFFU) / 65535.0F;
}

float smooth(float t) {
    return t * t * (3 - 2 * t);
}

int floor_of(float x) {
    const int cut = static_cast<int>(x);
    return cut - (static_cast<float>(cut) > x ? 1 : 0);
}

float noise(float x, float y, uint32_t seed) {
    const int ix = floor_of(x), iy = floor_of(y);
    const float tx = smooth(x - static_cast<float>(ix)), ty = smooth(y - static_cast<float>(iy));
    const float a = lattice(ix, iy, seed), b = lattice(ix + 1, iy, seed);
    const float c = lattice(ix, iy + 1, seed), d = lattice(ix + 1, iy + 1, seed);
    const float top = a + (b - a) * tx;
    return top + (c + (d - c) * tx - top) * ty;
}

/// Sharp crests and soft valleys, 0..1.
float crest(float x, uint32_t seed) {
    float sum = 0, weight = 0.5F, norm = 0;
    for (uint32_t octave = 0; octave < 6; ++octave) {
        const float n = 1 - std::fabs(2 * noise(x, 0.5F, seed + octave) - 1);
        sum += weight * n * (octave < 2 ? n : 1);
        norm += weight;
        weight *= 0.5F;
        x *= 2.03F;
    }
    return sum / norm;
}

class Drawing {
  public:
    explicit Drawing(const CameraPlan& plan)
        : plan_(plan), light_(kLights[plan.light % kLights.size()]) {
        scene_.y.resize(kSceneWidth * kSceneHeight);
        scene_.u.resize(kSceneWidth / 2 * kSceneHeight / 2);
        scene_.v.resize(scene_.u.size());
        scene_.haze = static_cast<uint8_t>(light_.sky_low.y * 0.94F);
    }

    Scene draw() {
        measure();
        sky();
        for (int ridge = 0; ridge < kRidges; ++ridge) {
            if (ridge == kRidges - 1 && plan_.terrain == Terrain::river) water();
            slope(ridge);
        }
        if (plan_.terrain == Terrain::village) lamps();
        scene_.smoke_x = kSceneWidth / 2 + 40;
        scene_.smoke_y = static_cast<int>(height_[3][static_cast<size_t>(scene_.smoke_x)]) + 22;
        return std::move(scene_);
    }

  private:
    void put(int x, int y, const Yuv& c, float cover = 1) {
        const auto at = static_cast<size_t>(y) * kSceneWidth + static_cast<size_t>(x);
        const auto blend = [cover](uint8_t& to, float value) {
            const float mixed = static_cast<float>(to) + (value - static_cast<float>(to)) * cover;
            to = static_cast<uint8_t>(std::clamp(mixed, 16.0F, 235.0F));
        };
        blend(scene_.y[at], c.y);
        if (x % 2 != 0 || y % 2 != 0) return;
        const auto half =
            static_cast<size_t>(y / 2) * (kSceneWidth / 2) + static_cast<size_t>(x / 2);
        blend(scene_.u[half], c.u);
        blend(scene_.v[half], c.v);
    }

    void measure() {
        for (int ridge = 0; ridge < kRidges; ++ridge) {
            const float t = static_cast<float>(ridge) / (kRidges - 1);
            const float base = kSceneHeight * (0.50F + 0.46F * std::pow(t, 1.15F));
            const float tall = kSceneHeight * (0.22F + 0.07F * t) * (ridge == 0 ? 0.8F : 1.0F);
            const float wave = 1.0F / (430.0F - 190.0F * t);
            auto& heights = height_[static_cast<size_t>(ridge)];
            heights.resize(kSceneWidth);
            for (int x = 0; x < kSceneWidth; ++x)
                heights[static_cast<size_t>(x)] =
                    base - tall * crest(static_cast<float>(x) * wave + 17.0F * t,
                                        plan_.seed * 101 + static_cast<uint32_t>(ridge) * 7);
        }
    }

    void sky() {
        for (int y = 0; y < kSceneHeight; ++y) {
            const float t = std::min(1.0F, static_cast<float>(y) / (kSceneHeight * 0.48F));
            const Yuv base = mix(light_.sky_top, light_.sky_low, smooth(t));
            for (int x = 0; x < kSceneWidth; ++x) {
                if (static_cast<float>(y) > height_[0][static_cast<size_t>(x)] + 2) continue;
                const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
                const float cloud = 0.6F * noise(fx * 0.006F, fy * 0.022F, plan_.seed + 51) +
                                    0.4F * noise(fx * 0.017F, fy * 0.06F, plan_.seed + 52);
                Yuv c = base;
                c.y += (cloud - 0.45F) * 46 * (1 - 0.5F * t);
                put(x, y, c);
            }
        }
    }

    void slope(int ridge) {
        const float t = static_cast<float>(ridge) / (kRidges - 1);
        const Yuv colour = mix(light_.far, light_.near, std::pow(t, 0.75F));
        const auto& heights = height_[static_cast<size_t>(ridge)];
        for (int x = 0; x < kSceneWidth; ++x) {
            const auto at = static_cast<size_t>(x);
            const float lit =
                heights[std::min<size_t>(at + 4, kSceneWidth - 1)] - heights[at >= 4 ? at - 4 : 0];
            int end = kSceneHeight;
            if (ridge + 1 < kRidges && (plan_.terrain != Terrain::river || ridge + 2 < kRidges))
                end = std::min(
                    end, static_cast<int>(std::max(height_[static_cast<size_t>(ridge) + 1][at] + 2,
                                                   heights[at] + 1)));
            for (int y = std::max(0, static_cast<int>(heights[at])); y < end; ++y)
                put(x, y, ground(x, y, static_cast<float>(y) - heights[at], lit, t, colour),
                    std::min(1.0F, static_cast<float>(y) - heights[at] + 1.0F));
        }
    }

    /// Woods and gullies, lit from one side, with the valley's mist towards the foot.
    [[nodiscard]] Yuv ground(int x, int y, float depth, float lit, float t,
                             const Yuv& colour) const {
        const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
        const float skew = fx + depth * 0.8F;
        const float gully = noise(skew * 0.045F, fy * 0.012F, plan_.seed + 61) - 0.5F;
        const float woods = noise(fx * 0.22F, fy * 0.30F, plan_.seed + 62) - 0.5F;
        const float mist = std::clamp(depth / (kSceneHeight * 0.24F), 0.0F, 1.0F) * (1 - t) * 0.55F;
        Yuv c = mix(colour, light_.sky_low, mist);
        c.y += gully * (12 + 22 * t) + woods * (3 + 17 * t) * (1 - mist);
        c.y += std::clamp(lit * 1.6F, -9.0F, 11.0F) * 30 / (30 + depth);
        return c;
    }

    void water() {
        for (int x = 0; x < kSceneWidth; ++x) {
            const auto fx = static_cast<float>(x);
            const float bend = noise(fx * 0.004F, 2.5F, plan_.seed + 71);
            const float top = kSceneHeight * 0.70F + 26 * bend;
            const float deep = 30 + 34 * noise(fx * 0.003F, 9.5F, plan_.seed + 72);
            for (int y = static_cast<int>(top);
                 y < std::min<int>(kSceneHeight, static_cast<int>(top + deep)); ++y) {
                const float t = (static_cast<float>(y) - top) / deep;
                Yuv c = mix(light_.sky_low, light_.sky_top, t);
                c.y =
                    c.y * 0.84F +
                    12 * (noise(fx * 0.02F, static_cast<float>(y) * 0.6F, plan_.seed + 73) - 0.5F);
                put(x, y, c, std::min({1.0F, 0.4F + t * 6, (1 - t) * 8}));
            }
        }
    }

    void lamps() {
        for (int i = 0; i < 70; ++i) {
            const int x = 10 + static_cast<int>(lattice(i, 1, plan_.seed) * (kSceneWidth - 20));
            const auto foot = height_[kRidges - 1][static_cast<size_t>(x)];
            const int y = static_cast<int>(foot + 6 + lattice(i, 2, plan_.seed) * 40);
            if (y < 1 || y + 2 >= kSceneHeight) continue;
            for (int dx = 0; dx < 2; ++dx)
                for (int dy = 0; dy < 2; ++dy) put(x + dx, y + dy, {190, 104, 146}, 0.85F);
        }
    }

    const CameraPlan& plan_;
    const Light& light_;
    Scene scene_;
    std::array<std::vector<float>, kRidges> height_;  // of each ridge's line, by column
};

}  // namespace

Scene draw_scene(const CameraPlan& plan) {
    return Drawing(plan).draw();
}

std::vector<uint8_t> draw_haze(uint32_t seed) {
    constexpr int kRow = kHazePeriod + kCameraWidth;
    std::vector<uint8_t> haze(static_cast<size_t>(kRow) * kSceneHeight);
    for (int y = 0; y < kSceneHeight; ++y) {
        // Thickest over the valleys in the middle of the picture.
        const float where = (static_cast<float>(y) / kSceneHeight - 0.52F) / 0.24F;
        const float band = std::exp(-where * where);
        for (int x = 0; x < kHazePeriod; ++x) {
            const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
            // Faded over into its own beginning, so that it repeats without a seam.
            const float seam = static_cast<float>(x) / kHazePeriod;
            const float here = noise(fx * 0.008F, fy * 0.02F, seed);
            const float next = noise((fx - kHazePeriod) * 0.008F, fy * 0.02F, seed);
            const float wisp = std::clamp((here + (next - here) * seam) * 1.7F - 0.5F, 0.0F, 1.0F);
            haze[cell(x, y, kRow)] = static_cast<uint8_t>(wisp * (18 + 105 * band));
        }
        for (int x = kHazePeriod; x < kRow; ++x)
            haze[cell(x, y, kRow)] = haze[cell(x - kHazePeriod, y, kRow)];
    }
    return haze;
}

}  // namespace bw::demo_field

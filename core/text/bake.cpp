// SPDX-License-Identifier: Apache-2.0
// Fonts in, one file out.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/text/atlas.h"
#include "core/text/characters.h"
#include "core/text/format.h"
#include "core/text/pack.h"
#include "core/text/rasterize.h"

namespace bw::text {
namespace {

constexpr uint32_t kWhiteSide = 4;  // the opaque block at the origin

struct Baking {
    Role role;
    double em_units;
    Fonts::Font latin, hanzi;
    float ascent_em, descent_em;  // of a line: hanzi stand in its middle
    bool numbers;
};

// Titles in bold: at distance the regular weight thins out. Numbers in Roboto Condensed, whose
// digits all have one width.
constexpr std::array<Baking, kRoles> kBakings{{
    {Role::caption, 16, Fonts::noto_regular, Fonts::noto_regular, 1.02f, 0.28f, false},
    {Role::body, 20, Fonts::noto_regular, Fonts::noto_regular, 1.02f, 0.28f, false},
    {Role::title, 28, Fonts::noto_bold, Fonts::noto_bold, 1.02f, 0.28f, false},
    {Role::number, 40, Fonts::condensed, Fonts::noto_regular, 0.94f, 0.22f, true},
    {Role::display, 60, Fonts::condensed, Fonts::noto_regular, 0.94f, 0.22f, true},
}};

struct BakedFace {
    FileFace head{};
    std::vector<Bitmap> bitmaps;
    std::vector<Glyph> glyphs;
    std::vector<uint16_t> index;
    std::vector<float> advances;
};

/// A box, should no font have U+FFFD.
Bitmap box(double em) {
    Bitmap bitmap;
    bitmap.code = 0xFFFD;
    bitmap.width = std::max<uint32_t>(3, static_cast<uint32_t>(em * 0.5));
    bitmap.height = std::max<uint32_t>(3, static_cast<uint32_t>(em * 0.7));
    bitmap.left = 1;
    bitmap.top = static_cast<int>(bitmap.height);
    bitmap.advance = static_cast<float>(bitmap.width + 2);
    bitmap.pixels.assign(size_t{bitmap.width} * bitmap.height, std::byte{0});
    for (uint32_t y = 0; y < bitmap.height; ++y) {
        for (uint32_t x = 0; x < bitmap.width; ++x) {
            bool edge = x == 0 || y == 0 || x + 1 == bitmap.width || y + 1 == bitmap.height;
            if (edge) bitmap.pixels[size_t{y} * bitmap.width + x] = std::byte{255};
        }
    }
    return bitmap;
}

base::Status render_text(Fonts& fonts, const Baking& baking, double em, BakedFace& face) {
    auto codes = baking.numbers ? number_characters() : text_characters();
    if (!codes) return codes.error();
    for (char32_t code : *codes) {
        Fonts::Font font = fonts.has(baking.latin, code) ? baking.latin : baking.hanzi;
        if (!fonts.has(font, code)) {
            if (code == 0xFFFD) face.bitmaps.push_back(box(em));
            continue;
        }
        auto bitmap = fonts.render(font, code, em);
        if (!bitmap) return bitmap.error();
        face.bitmaps.push_back(std::move(*bitmap));
    }
    return {};
}

base::Status render_icons(Fonts& fonts, double em, BakedFace& face) {
    // Icons fill their em above the baseline; lowered, they stand in the middle of hanzi.
    int lift = -static_cast<int>(std::lround(em * 0.12));
    for (char32_t code : icon_characters()) {
        if (!fonts.has(Fonts::icons, code))
            return base::Error{"not_found", "the icon font lacks U+" + std::to_string(code)};
        auto bitmap = fonts.render(Fonts::icons, code, em, lift);
        if (!bitmap) return bitmap.error();
        face.bitmaps.push_back(std::move(*bitmap));
    }
    return {};
}

base::Result<BakedFace> render_face(Fonts& fonts, const Baking& baking, double scale) {
    BakedFace face;
    double em = baking.em_units * scale;
    face.head.role = static_cast<uint32_t>(baking.role);
    face.head.em = static_cast<float>(em);
    face.head.ascent = std::round(static_cast<float>(em) * baking.ascent_em);
    face.head.descent = -std::round(static_cast<float>(em) * baking.descent_em);
    face.head.size = face.head.ascent - face.head.descent;
    if (auto status = render_text(fonts, baking, em, face); !status) return status.error();
    if (!baking.numbers) {
        if (auto status = render_icons(fonts, em, face); !status) return status.error();
    }
    std::sort(face.bitmaps.begin(), face.bitmaps.end(),
              [](const Bitmap& a, const Bitmap& b) { return a.code < b.code; });
    return face;
}

void make_tables(BakedFace& face, const std::vector<Packed>& places, size_t first, Sheet sheet) {
    face.index.assign(face.bitmaps.back().code + 1, kNoGlyph);
    float missing = 0;
    for (size_t i = 0; i < face.bitmaps.size(); ++i) {
        const Bitmap& b = face.bitmaps[i];
        const Packed& at = places[first + i];
        Glyph glyph{};
        glyph.packed = uint32_t{b.code} << 2 | (b.width > 0 && b.height > 0 ? 2u : 0u);
        glyph.advance = b.advance;
        glyph.x0 = static_cast<float>(b.left);
        glyph.y0 = face.head.ascent - static_cast<float>(b.top);
        glyph.x1 = glyph.x0 + static_cast<float>(b.width);
        glyph.y1 = glyph.y0 + static_cast<float>(b.height);
        glyph.u0 = static_cast<float>(at.x) / static_cast<float>(sheet.width);
        glyph.v0 = static_cast<float>(at.y) / static_cast<float>(sheet.height);
        glyph.u1 = static_cast<float>(at.x + b.width) / static_cast<float>(sheet.width);
        glyph.v1 = static_cast<float>(at.y + b.height) / static_cast<float>(sheet.height);
        face.index[b.code] = static_cast<uint16_t>(i);
        face.glyphs.push_back(glyph);
        if (b.code == 0xFFFD) missing = b.advance;
    }
    face.advances.assign(face.index.size(), missing);
    for (const Glyph& glyph : face.glyphs) face.advances[glyph.codepoint()] = glyph.advance;
    face.head.glyph_count = static_cast<uint32_t>(face.glyphs.size());
    face.head.index_count = static_cast<uint32_t>(face.index.size());
}

std::vector<std::byte> draw_sheet(const std::vector<BakedFace>& faces,
                                  const std::vector<Packed>& places, Sheet sheet) {
    std::vector<std::byte> pixels(size_t{sheet.width} * sheet.height);
    for (uint32_t y = 0; y < kWhiteSide; ++y)
        std::fill_n(pixels.begin() + ptrdiff_t{sheet.width} * y, kWhiteSide, std::byte{255});
    size_t i = 0;
    for (const BakedFace& face : faces) {
        for (const Bitmap& b : face.bitmaps) {
            const Packed& at = places[i++];
            for (uint32_t row = 0; row < b.height; ++row)
                std::memcpy(pixels.data() + size_t{at.y + row} * sheet.width + at.x,
                            b.pixels.data() + size_t{row} * b.width, b.width);
        }
    }
    return pixels;
}

/// The file's bytes in order, every table aligned.
class Bytes {
  public:
    uint64_t put(const void* data, size_t size, size_t align) {
        bytes_.resize((bytes_.size() + align - 1) / align * align);
        uint64_t offset = bytes_.size();
        auto from = static_cast<const std::byte*>(data);
        bytes_.insert(bytes_.end(), from, from + size);
        return offset;
    }
    void overwrite(uint64_t offset, const void* data, size_t size) {
        std::memcpy(bytes_.data() + offset, data, size);
    }
    [[nodiscard]] const std::vector<std::byte>& all() const { return bytes_; }

  private:
    std::vector<std::byte> bytes_;
};

Bytes lay_out(std::vector<BakedFace>& faces, const std::vector<std::byte>& pixels, Sheet sheet,
              double scale) {
    Bytes file;
    FileHeader header{};
    file.put(&header, sizeof header, 8);
    for (const BakedFace& face : faces) file.put(&face.head, sizeof face.head, 8);
    for (BakedFace& face : faces) {
        face.head.glyphs = file.put(face.glyphs.data(), face.glyphs.size() * sizeof(Glyph), 8);
        face.head.index = file.put(face.index.data(), face.index.size() * sizeof(uint16_t), 8);
        face.head.advances =
            file.put(face.advances.data(), face.advances.size() * sizeof(float), 8);
    }
    header.pixels = file.put(pixels.data(), pixels.size(), 64);
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    header.faces = kRoles;
    header.width = sheet.width;
    header.height = sheet.height;
    header.white_u = 0.5f * kWhiteSide / static_cast<float>(sheet.width);
    header.white_v = 0.5f * kWhiteSide / static_cast<float>(sheet.height);
    header.scale = static_cast<float>(scale);
    header.size = file.all().size();
    file.overwrite(0, &header, sizeof header);
    for (size_t i = 0; i < faces.size(); ++i)
        file.overwrite(sizeof header + i * sizeof(FileFace), &faces[i].head, sizeof(FileFace));
    return file;
}

base::Status write_file(const std::filesystem::path& out, const std::vector<std::byte>& bytes) {
    // Written beside and renamed, so that nobody reads half an atlas.
    std::filesystem::path part = out;
    part += ".part" + std::to_string(getpid());
    std::ofstream file(part, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    file.close();
    std::error_code error;
    if (!file) {
        std::filesystem::remove(part, error);
        return base::Error{"system", "cannot write " + part.string() +
                                         ": is its disk full, or not ours to write?"};
    }
    std::filesystem::rename(part, out, error);
    if (error)
        return base::Error{"system", "cannot write " + out.string() + ": " + error.message()};
    return {};
}

}  // namespace

base::Status bake(const std::filesystem::path& out, double scale) {
    if (!(scale > 0)) return base::Error{"invalid", "the scale must be above 0"};
    scale = std::clamp(scale, kMinScale, kMaxScale);
    auto fonts = Fonts::open(debian_fonts());
    if (!fonts) return fonts.error();
    std::vector<BakedFace> faces;
    std::vector<Packed> places;
    for (const Baking& baking : kBakings) {
        auto face = render_face(**fonts, baking, scale);
        if (!face) return face.error();
        for (const Bitmap& b : face->bitmaps) places.push_back({b.width, b.height});
        faces.push_back(std::move(*face));
    }
    Sheet sheet = pack(places, kWhiteSide + 1);
    if (sheet.width == 0) return base::Error{"invalid", "the glyphs do not fit into one picture"};
    size_t first = 0;
    for (BakedFace& face : faces) {
        make_tables(face, places, first, sheet);
        first += face.bitmaps.size();
    }
    std::vector<std::byte> pixels = draw_sheet(faces, places, sheet);
    return write_file(out, lay_out(faces, pixels, sheet, scale).all());
}

}  // namespace bw::text

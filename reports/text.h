// Small helpers for text on a terminal: display width, padding, wrapping, colours. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::reports {

/// Columns that UTF-8 `text` takes (a code point a column).
std::size_t display_width(std::string_view text);
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);
/// Words joined by ", ", broken into lines of at most `width` columns, each indented.
std::string wrap_list(const std::vector<std::string>& items, std::size_t width, std::size_t indent);

enum class Color { red, green, yellow, bold, dim };
/// The text in a colour, or as it is when `enabled` is false.
std::string colored(std::string_view text, Color color, bool enabled);

/// Rows of cells in aligned columns: the first column to the left, the others to the right.
std::string align(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 0);

}  // namespace spillway::reports

#include "reports/text.h"

#include <algorithm>

namespace spillway::reports {
namespace {

std::string_view code(Color color) {
  switch (color) {
    case Color::red:
      return "\033[31m";
    case Color::green:
      return "\033[32m";
    case Color::yellow:
      return "\033[33m";
    case Color::bold:
      return "\033[1m";
    case Color::dim:
      return "\033[2m";
  }
  return "";
}

std::string padding(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(used < width ? width - used : 0, ' ');
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string pad_right(std::string_view text, std::size_t width) {
  return std::string(text) + padding(text, width);
}

std::string pad_left(std::string_view text, std::size_t width) {
  return padding(text, width) + std::string(text);
}

std::string wrap_list(const std::vector<std::string>& items, std::size_t width,
                      std::size_t indent) {
  std::string text;
  std::size_t used = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
    if (used > 0 && used + 1 + display_width(item) > width) {
      text += '\n';
      used = 0;
    }
    text += used == 0 ? std::string(indent, ' ') : " ";
    used += (used == 0 ? indent : 1) + display_width(item);
    text += item;
  }
  return text.empty() ? text : text + '\n';
}

std::string colored(std::string_view text, Color color, bool enabled) {
  if (!enabled) return std::string(text);
  return std::string(code(color)) + std::string(text) + "\033[0m";
}

std::string align(const std::vector<std::vector<std::string>>& rows, std::size_t indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i == 0 ? pad_right(row[i], widths[i]) : "  " + pad_left(row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace spillway::reports

#include "reports/portability.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "reports/text.h"

namespace spillway::reports {
namespace {

constexpr std::size_t kLeastColumn = 10;
constexpr std::size_t kAspect = 24;
constexpr std::size_t kGap = 2;

using Lines = std::vector<std::string>;

/// Where to cut a word that is longer than a line: behind its last hyphen that fits.
std::size_t cut(std::string_view word, std::size_t width) {
  const std::size_t hyphen = word.substr(0, width).rfind('-');
  return hyphen == std::string_view::npos ? width : hyphen + 1;
}

/// Broken at blanks into lines of at most `width`.
Lines wrapped(std::string_view text, std::size_t width) {
  Lines lines{""};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (display_width(word) > width) {
      if (!lines.back().empty()) lines.emplace_back();
      const std::size_t length = cut(word, width);
      lines.back() = word.substr(0, length);
      word.remove_prefix(length);
    }
    if (word.empty()) continue;
    if (!lines.back().empty() && display_width(lines.back()) + 1 + display_width(word) > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

class TextTable {
 public:
  TextTable(std::ostream& out, const model::Portability& table, const PortabilityOptions& options)
      : out_(out), table_(table), options_(options) {
    const std::size_t columns = table.columns.size();
    const std::size_t rest = std::max<std::size_t>(options.width, 120) - kAspect;
    width_ = std::max(kLeastColumn, columns > 0 ? rest / columns - kGap : rest);
  }

  void write() {
    const std::string* object = nullptr;
    for (const model::Portability::Row& row : table_.rows) {
      if (!object || *object != row.object) write_head(row, object == nullptr);
      object = &row.object;
      write_row(row.aspect, row.cells);
    }
  }

 private:
  void write_head(const model::Portability::Row& row, bool first) {
    if (!first) out_ << '\n';
    out_ << colored(row.object, Color::bold, options_.color);
    if (row.place.known()) out_ << "  " << row.place.text();
    out_ << '\n';
    std::vector<std::string> names;
    for (const auto& column : table_.columns)
      names.push_back(column.version.empty() ? column.profile
                                             : column.profile + " " + column.version);
    write_row("", names);
    out_ << std::string(kAspect + table_.columns.size() * (width_ + kGap), '-') << '\n';
  }

  void write_row(const std::string& aspect, const std::vector<std::string>& cells) {
    std::vector<Lines> all{wrapped(aspect, kAspect)};
    for (const std::string& cell : cells) all.push_back(wrapped(cell, width_));
    std::size_t height = 0;
    for (const Lines& lines : all) height = std::max(height, lines.size());
    for (std::size_t i = 0; i < height; ++i) {
      std::string line;
      for (std::size_t k = 0; k < all.size(); ++k) {
        if (k > 0) line += std::string(kGap, ' ');
        line += pad_right(i < all[k].size() ? all[k][i] : "", k == 0 ? kAspect : width_);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out_ << line << '\n';
    }
  }

  std::ostream& out_;
  const model::Portability& table_;
  PortabilityOptions options_;
  std::size_t width_;
};

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

namespace {

void write_text(std::ostream& out, const model::Portability& table,
                const PortabilityOptions& options) {
  TextTable(out, table, options).write();
  if (table.rows.empty()) out << "no route and no policy in these files\n";
  if (table.assumptions.empty()) return;
  out << "\nassumed\n";
  for (const model::Assumption& each : table.assumptions)
    out << fmt::format("  {} {}: {}\n", each.name, each.value, each.why);
}

void write_markdown(std::ostream& out, const model::Portability& table) {
  const std::string* object = nullptr;
  for (const model::Portability::Row& row : table.rows) {
    if (!object || *object != row.object) {
      out << (object ? "\n" : "") << "### " << row.object << "\n\n|";
      for (const auto& column : table.columns)
        out << " | " << column.profile << (column.version.empty() ? "" : " ") << column.version;
      out << " |\n|---";
      for (std::size_t i = 0; i < table.columns.size(); ++i) out << "|---";
      out << "|\n";
    }
    object = &row.object;
    out << "| " << cell(row.aspect);
    for (const std::string& text : row.cells) out << " | " << cell(text);
    out << " |\n";
  }
  if (table.assumptions.empty()) return;
  out << "\nAssumed:\n\n";
  for (const model::Assumption& each : table.assumptions)
    out << fmt::format("- {} {}: {}\n", each.name, cell(each.value), cell(each.why));
}

}  // namespace

void write_portability_text(std::ostream& out, std::span<const model::Portability> tables,
                            const PortabilityOptions& options) {
  bool first = true;
  for (const model::Portability& table : tables) {
    if (tables.size() > 1)
      out << (first ? "" : "\n")
          << (table.scenario.empty() ? "files" : "scenario " + table.scenario) << "\n\n";
    write_text(out, table, options);
    first = false;
  }
}

void write_portability_markdown(std::ostream& out, std::span<const model::Portability> tables) {
  bool first = true;
  for (const model::Portability& table : tables) {
    if (tables.size() > 1)
      out << (first ? "" : "\n")
          << (table.scenario.empty() ? "## Files" : "## Scenario " + table.scenario) << "\n\n";
    write_markdown(out, table);
    first = false;
  }
}

}  // namespace spillway::reports

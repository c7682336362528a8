#include "reports/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <ostream>

#include "reports/text.h"

namespace spillway::reports {
namespace {

using model::Diagnostic;
using model::Severity;

constexpr std::size_t kLongLine = 160;

// Lines of the files that were asked for; a file that cannot be read has none.
class SourceLines {
 public:
  const std::string* line(const model::Place& place) {
    if (!place.known() || !place.file) return nullptr;
    const auto [file, is_new] = files_.try_emplace(*place.file);
    if (is_new) {
      std::ifstream in(*place.file);
      for (std::string text; std::getline(in, text);) file->second.push_back(std::move(text));
    }
    const auto index = static_cast<std::size_t>(place.line) - 1;
    return index < file->second.size() ? &file->second[index] : nullptr;
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

void write_source(std::ostream& out, const std::string& source, const model::Place& place) {
  std::string text = source;
  std::ranges::replace(text, '\t', ' ');
  if (text.ends_with('\r')) text.pop_back();
  if (display_width(text) > kLongLine || place.column < 1) return;
  const auto before = std::min(static_cast<std::size_t>(place.column) - 1, text.size());
  out << fmt::format("{:>6} | {}\n{:>6} | {}^\n", place.line, text, "",
                     std::string(display_width(std::string_view(text).substr(0, before)), ' '));
}

Color color_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Color::red;
    case Severity::warning:
      return Color::yellow;
    case Severity::note:
      return Color::dim;
  }
  return Color::bold;
}

std::string counted(std::size_t n, std::string_view one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

}  // namespace

DiagnosticTotals totals(const model::Diagnostics& diagnostics) {
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(
        std::ranges::count(diagnostics, severity, &Diagnostic::severity));
  };
  return {count(Severity::error), count(Severity::warning), count(Severity::note)};
}

std::string to_text(const DiagnosticTotals& t) {
  std::string text;
  const auto add = [&](std::size_t n, std::string_view one) {
    if (n > 0) text += (text.empty() ? "" : ", ") + counted(n, one);
  };
  add(t.errors, "error");
  add(t.warnings, "warning");
  add(t.notes, "note");
  return text.empty() ? "no findings" : text;
}

void write_diagnostics_text(std::ostream& out, const model::Diagnostics& diagnostics, bool color) {
  SourceLines sources;
  for (const Diagnostic& d : diagnostics) {
    Diagnostic head = d;
    head.hint.clear();
    std::string text = model::to_text(head);
    if (color) {
      const std::string severity = fmt::format("{}:", model::to_string(d.severity));
      const auto at = text.find(severity, d.place.text().size());
      text.replace(at, severity.size(), colored(severity, color_of(d.severity), true));
    }
    out << text << '\n';
    if (const std::string* line = sources.line(d.place)) write_source(out, *line, d.place);
    if (!d.hint.empty()) out << "    hint: " << d.hint << '\n';
  }
}

void write_diagnostics_markdown(std::ostream& out, const model::Diagnostics& diagnostics) {
  out << "### Spillway: " << to_text(totals(diagnostics)) << '\n';
  if (diagnostics.empty()) return;
  out << "\n| | place | finding | rule |\n|---|---|---|---|\n";
  model::Diagnostics sorted = diagnostics;
  std::ranges::stable_sort(sorted, {}, &Diagnostic::severity);
  for (const Diagnostic& d : sorted) {
    const std::string hint = d.hint.empty() ? "" : "<br>" + d.hint;
    const std::string place = d.place.text();
    out << fmt::format("| {} | {} | {} | {} |\n", model::to_string(d.severity),
                       place.empty() ? "" : fmt::format("`{}`", markdown_cell(place)),
                       markdown_cell(d.message + hint), d.rule.empty() ? "" : "`" + d.rule + "`");
  }
}

}  // namespace spillway::reports

#include "scenarios/csv.h"

#include <fstream>
#include <iterator>
#include <memory>

#include "scenarios/document.h"

namespace spillway::scenarios {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> split_cells(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (in_quotes && i + 1 < line.size() && line[i + 1] == '"')
        cell += line[++i];
      else
        in_quotes = !in_quotes;
    } else if (line[i] == ',' && !in_quotes) {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  cells.push_back(trimmed(cell));
  return cells;
}

}  // namespace

std::optional<CsvTable> parse_csv(std::string_view text, const std::string& name,
                                  model::Diagnostics& diagnostics) {
  std::vector<CsvRow> rows;
  const auto file = std::make_shared<const std::string>(name);
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trimmed(line).empty() || line.starts_with('#')) continue;
    CsvRow row;
    row.place = {file, number, 1};
    row.cells = split_cells(line);
    const std::size_t wanted = rows.empty() ? row.cells.size() : rows.front().cells.size();
    if (row.cells.size() == wanted) {
      rows.push_back(std::move(row));
      continue;
    }
    diagnostics.push_back(mistake(row.place, "csv", "the row does not fit the first one",
                                  std::to_string(row.cells.size()) + " cells",
                                  std::to_string(wanted)));
    return std::nullopt;
  }
  if (!rows.empty()) return CsvTable{std::move(rows)};
  diagnostics.push_back(mistake({file, 0, 0}, "csv", "the file holds no rows"));
  return std::nullopt;
}

std::optional<CsvTable> read_csv(const Node& node, const Path& path, Decoding& decoding) {
  const std::filesystem::path file = decoding.folder / node.scalar;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream stream(file, std::ios::binary);
  if (error || !stream) {
    complain(node, path, decoding, "file", "the file cannot be read", "a CSV file",
             "looked for " + file.lexically_normal().string());
    return std::nullopt;
  }
  if (size > kLargestFile) {
    complain(node, path, decoding, "file-size", "the file is too large",
             "at most " + std::to_string(kLargestFile) + " bytes");
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return parse_csv(text, file.lexically_normal().string(), decoding.diagnostics);
}

}  // namespace spillway::scenarios

#include "scenarios/glob.h"

#include <algorithm>

namespace spillway::scenarios {
namespace {

namespace fs = std::filesystem;

bool has_manifest_extension(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

bool is_hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

/// The entries of a folder by name; none if it cannot be read.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? fs::path(".") : folder, error), end;
       !error && it != end; it.increment(error))
    found.push_back(folder / it->path().filename());
  std::ranges::sort(found);
  return found;
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

using Component = fs::path::const_iterator;

/// Adds what `rest` names below `folder`.
void descend(const fs::path& folder, Component rest, const Component& end,
             std::vector<fs::path>& found) {
  if (rest == end) return;
  const std::string component = rest->string();
  const Component next = std::next(rest);
  if (component == "**") {
    descend(folder, next, end, found);
    for (const fs::path& entry : entries(folder))
      if (is_folder(entry) && !fs::is_symlink(entry) && !is_hidden(entry))
        descend(entry, rest, end, found);
    return;
  }
  const bool last = next == end;
  if (!is_pattern(component)) {
    const fs::path entry = folder / component;
    std::error_code error;
    if (last && fs::is_regular_file(entry, error)) found.push_back(entry);
    if (!last && is_folder(entry)) descend(entry, next, end, found);
    return;
  }
  for (const fs::path& entry : entries(folder)) {
    if (is_hidden(entry) || !matches(component, entry.filename().string())) continue;
    std::error_code error;
    const bool wanted = component.find('.') != std::string::npos || has_manifest_extension(entry);
    if (last && wanted && fs::is_regular_file(entry, error)) found.push_back(entry);
    if (!last && is_folder(entry)) descend(entry, next, end, found);
  }
}

void collect(const fs::path& folder, bool deep, std::vector<fs::path>& found) {
  for (const fs::path& entry : entries(folder)) {
    std::error_code error;
    if (is_hidden(entry)) continue;
    if (fs::is_regular_file(entry, error) && has_manifest_extension(entry)) found.push_back(entry);
    if (deep && is_folder(entry) && !fs::is_symlink(entry)) collect(entry, deep, found);
  }
}

}  // namespace

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool matches(std::string_view pattern, std::string_view name) {
  // Greedy with one point to return to: the last *.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<fs::path> expand(const fs::path& pattern) {
  std::vector<fs::path> found;
  Component first = pattern.begin();
  fs::path root;
  // Components without wildcards are taken as they are, so that `..` and absolute paths work.
  while (first != pattern.end() && !is_pattern(first->string()) &&
         std::next(first) != pattern.end())
    root /= *first++;
  descend(root, first, pattern.end(), found);
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<fs::path> manifest_files(const fs::path& folder, bool deep) {
  std::vector<fs::path> found;
  collect(folder, deep, found);
  return found;
}

}  // namespace spillway::scenarios

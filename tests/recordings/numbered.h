// "request 7": names of fields in reports.
#pragma once

#include <cstddef>
#include <string>

namespace spillway::recordings {

inline std::string numbered(const char* name, std::size_t number, const char* rest = "") {
  std::string text = name;
  text += ' ';
  text += std::to_string(number);
  text += rest;
  return text;
}

}  // namespace spillway::recordings

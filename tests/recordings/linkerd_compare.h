// Compares what a script gave with what was recorded: exactly where all recorded runs are equal, by
// distribution where they differ.
#pragma once

#include <string>
#include <vector>

#include "tests/recordings/linkerd_driver.h"
#include "tests/recordings/report.h"

namespace spillway::recordings::linkerd {

/// One statistical comparison; the level of all those of a file together is 1 %.
struct Test {
  std::string field;
  std::string what;
  double p = 1;
};

/// What a case has come to: exact differences, and tests that wait for the number of all tests.
struct Findings {
  std::string name;
  std::string family;
  struct Difference {
    std::string field;
    Json recorded;
    Json simulated;
  };
  std::vector<Difference> differences;
  std::vector<Test> tests;

  void compare(std::string field, const Json& recorded, const Json& simulated);
  void compare(std::string field, const std::vector<double>& recorded,
               const std::vector<double>& simulated);
};

void check_stack(const Json& one, Findings& findings);
void check_backoff(const Json& one, Findings& findings);
void check_budget(const Json& one, Findings& findings);
void check_ewma(const Json& one, Findings& findings);

}  // namespace spillway::recordings::linkerd

// Tests of whether what was recorded could have been drawn from what is simulated. Each returns the
// probability of a difference at least as large; small means that they differ.
#pragma once

#include <functional>
#include <vector>

namespace spillway::recordings {

/// A count that was recorded against the same count in simulated repetitions (at least 2).
double count_p_value(double recorded, const std::vector<double>& simulated);

/// How far a recorded value may lie from the simulated one that it stands for.
struct Slack {
  double early = 0, late = 0;
};

/// Kolmogorov-Smirnov with slack: the recorded sample against a much larger simulated one, where a
/// recorded value stands for a simulated one that lies within slack(value) of it. Neither empty.
double sample_p_value(std::vector<double> recorded, std::vector<double> simulated,
                      const std::function<Slack(double)>& slack);

/// As above for few values: 0 if one lies outside of all that was simulated, else 1.
double range_p_value(const std::vector<double>& recorded, const std::vector<double>& simulated,
                     const std::function<Slack(double)>& slack);

}  // namespace spillway::recordings

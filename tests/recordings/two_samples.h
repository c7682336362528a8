// Do two samples come from one distribution? For recordings with random parts: the recorded sample
// is small, the simulated one as large as one likes.
#pragma once

#include <cstddef>
#include <vector>

namespace spillway::recordings {

/// Probability of a Kolmogorov-Smirnov distance as large as this one: asymptotic (M. A. Stephens's
/// correction), exact where the samples do not overlap at all; conservative for ties.
double kolmogorov_smirnov(std::vector<double> a, std::vector<double> b);

/// Probability that so many of `recorded` lie outside the range of `simulated`, at most 1.
double outliers(const std::vector<double>& recorded, const std::vector<double>& simulated);

/// Two-sided probability of `successes` of `trials`, at success probability p.
double binomial(std::size_t successes, std::size_t trials, double p);

}  // namespace spillway::recordings

// Arrivals from CSV files: timestamps, or a rate per interval.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/csv.h"
#include "scenarios/csv_columns.h"
#include "scenarios/object.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;
using sim::Duration;
using sim::Time;

/// Rate i holds from times[i] to times[i + 1]; the last one for as long as the one before it. Zero
/// before and after.
RateProfile intervals(const std::vector<Duration>& times, const std::vector<double>& rates) {
  RateProfile profile;
  if (times.front().ns > 0) profile.points.push_back({Time{}, 0});
  double last = 0;
  const auto step = [&](Duration at, double rate) {
    if (!profile.points.empty()) profile.points.push_back({Time{at.ns}, last});
    profile.points.push_back({Time{at.ns}, rate});
    last = rate;
  };
  for (std::size_t i = 0; i < times.size(); ++i) step(times[i], rates[i]);
  if (times.size() > 1) step(times.back() + (times.back() - times[times.size() - 2]), 0);
  return profile;
}

bool ascending(const std::vector<Duration>& times, bool strictly, const CsvTable& table,
               Decoding& decoding) {
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] < times[i - 1] || (strictly && times[i] == times[i - 1])) {
      decoding.diagnostics.push_back(mistake(table.rows[i + 1].place, "csv",
                                             "the times do not ascend", {},
                                             "a time after that of the row before"));
      return false;
    }
  return true;
}

/// A column of numbers, in the first row of which is its name, as requests per second.
std::optional<std::vector<double>> rates_of(const CsvColumns& columns,
                                            const std::vector<Duration>& times,
                                            Decoding& decoding) {
  if (columns.has("rate_per_s")) return columns.numbers("rate_per_s", decoding);
  auto counts = columns.numbers("requests", decoding);
  if (!counts) return counts;
  if (times.size() < 2) {
    decoding.diagnostics.push_back(mistake(columns.table().rows.front().place, "csv",
                                           "the length of the interval is not known", "one row",
                                           "at least two, or a column rate_per_s"));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < counts->size(); ++i) {
    const std::size_t j = std::min(i, times.size() - 2);
    (*counts)[i] /= (times[j + 1] - times[j]).seconds();
  }
  return counts;
}

bool read(const Node& node, const Path& path, Arrivals& into, Decoding& decoding) {
  if (node.kind != Node::Kind::scalar)
    return complain(node, path, decoding, "wrong-type", "not the name of a file", "a CSV file");
  const auto table = read_csv(node, path, decoding);
  if (!table) return false;
  const CsvColumns columns(*table);
  const auto times = columns.durations("time", decoding);
  if (!times) return false;
  const bool per_interval = columns.has("rate_per_s") || columns.has("requests");
  if (!ascending(*times, per_interval, *table, decoding)) return false;
  if (!per_interval) {
    TimedArrivals timed;
    for (const Duration d : *times) timed.times.push_back(Time{d.ns});
    into = std::move(timed);
    return true;
  }
  const auto rates = rates_of(columns, *times, decoding);
  if (!rates) return false;
  if (std::ranges::all_of(*rates, [](double r) { return r == 0; })) {
    return complain(node, path, decoding, "out-of-range", "no request would ever arrive",
                    "a rate above zero");
  }
  into = PoissonArrivals{intervals(*times, *rates)};
  return true;
}

}  // namespace

const Type<Arrivals>& trace() {
  static const Type<Arrivals> file{text().shape, read, {}};
  static const Type<Arrivals> type =
      Object<Arrivals>("trace", "Arrivals from a CSV file.")
          .one(
              "file", file, [](Arrivals& a, Arrivals read) { a = std::move(read); },
              "CSV file, relative to the scenario: a column `time_s` (or `time_ms`, `time_us`, or "
              "`time` with durations), from the start of the run. Alone: the times of the "
              "requests. With a column `rate_per_s` or `requests`: Poisson arrivals with that "
              "rate, or so many requests on average, from that time to the next; the last "
              "interval is as long as the one before it.");
  return type;
}

}  // namespace spillway::scenarios

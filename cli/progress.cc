#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>

namespace spillway::cli {

void ProgressLine::update(const model::Progress& progress) {
  if (!shown_) return;
  constexpr int kWidth = 30;
  const double share = std::clamp(progress.share, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * kWidth);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const std::string left =
      share > 0.01 ? fmt::format(", {:.0f} s left", elapsed.count() * (1 - share) / share) : "";
  std::cerr << fmt::format("\r\033[K[{}{}] {:3.0f} % {}/{} replications{}",
                           std::string(filled, '#'), std::string(kWidth - filled, ' '), share * 100,
                           progress.replications_done, progress.replications, left)
            << std::flush;
  drawn_ = true;
}

ProgressLine::~ProgressLine() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
}

}  // namespace spillway::cli

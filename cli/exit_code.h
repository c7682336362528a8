// What the program's exit status means.
#pragma once

namespace spillway::cli {

enum ExitCode : int {
  kDone = 0,        ///< and every objective is met
  kWrongInput = 1,  ///< a file, or what cannot be read or written
  kUsage = 2,
  kObjectivesMissed = 3,
  kInternalError = 4,
  kInterrupted = 130,
};

/// The one that tells more when several scenarios end differently.
ExitCode worse(ExitCode a, ExitCode b);

}  // namespace spillway::cli

#include <exception>
#include <iostream>

#include "cli/arguments.h"
#include "cli/session.h"

int main(int argc, char** argv) {
  using namespace spillway::cli;
  try {
    Interrupt interrupt;
    Session session = make_session(argc, argv, interrupt);
    StandardOutput output;
    return output.finish(session, run_command(argc, argv, session));
  } catch (const std::exception& error) {
    std::cerr << "spillway: internal error: " << error.what() << '\n';
    return kInternalError;
  }
}

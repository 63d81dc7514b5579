// The commands of the program (design §3) and their options. CLI11 stays in the .cpp.
#pragma once

namespace convoke::cli {

// Exit code: 0 done, 1 the command failed (why: standard error), 2 wrong usage.
int run_command_line(int argc, char** argv);

}  // namespace convoke::cli

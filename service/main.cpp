#include "service/cli/command_line.hpp"

int main(int argc, char** argv) { return convoke::cli::run_command_line(argc, argv); }

// What people read about settings, made from the table. Any thread.
#pragma once

#include <string>

namespace convoke::config {

// The commented example file, every key with its default.
std::string example_file();

// The same as a page of Markdown: name, environment variable, flag, kind of value, default, meaning.
std::string settings_page();

}  // namespace convoke::config

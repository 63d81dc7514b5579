// GMime objects that clean up after themselves. Include only in .cpp files of this room.
#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <mutex>

namespace convoke::notifications {

// Every entry point that touches GMime calls this first; it initialises the library once.
inline void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

struct GObjectUnref {
    void operator()(void* object) const { g_object_unref(object); }
};
// Owns one reference.
template <class T>
using GObjectPtr = std::unique_ptr<T, GObjectUnref>;

struct GFree {
    void operator()(void* memory) const { g_free(memory); }
};
using GString_ = std::unique_ptr<char, GFree>;

}  // namespace convoke::notifications
